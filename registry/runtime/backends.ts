import type { Backends } from "./backend.ts";
import { WasmBackend } from "./wasm.ts";

/**
 * The backends of this thread. They start when the first model is loaded.
 *
 * @returns One of each.
 */
export function createBackends(): Backends {
  return { wasm: new WasmBackend() };
}
