import type { Backends } from "../../base/backend.ts";
import { RemoteBackend } from "./remote/remote.ts";
import { WasmBackend } from "./wasm.ts";
import { WebGpuBackend } from "./webgpu.ts";

/**
 * The backends of this thread. They start when the first model is loaded.
 *
 * @returns One of each.
 */
export function createBackends(): Backends {
  const wasm = new WasmBackend();
  return { wasm, webgpu: new WebGpuBackend({ fallback: wasm }), remote: new RemoteBackend() };
}
