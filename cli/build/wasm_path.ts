import { WASM_FILES, type WasmName } from "../../registry/base/mod.ts";

/** Where a build keeps a WebAssembly file, relative to its folder. */
export function wasmPath(name: WasmName): string {
  return `wasm/${WASM_FILES[name].specifier.split("/").at(-1)}`;
}
