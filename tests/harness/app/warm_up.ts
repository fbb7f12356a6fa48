import type { Backend } from "../../../registry/base/mod.ts";
import { WasmBackend } from "../../../registry/runtime/mod.ts";
import { shippedPlugin } from "../files/plugins.ts";

/**
 * Starts the runtime of a backend, outside of any test: that leaves a message port open for good, which
 * Deno 2.5 takes for a leak of the test in which it happens.
 */
export async function warmUp(backend: Backend = new WasmBackend()): Promise<void> {
  const model = await Deno.readFile(new URL("small.onnx", shippedPlugin("fashion-mnist")));
  await (await backend.load(model)).release();
}
