import { locations } from "../../base/locations.ts";
import type { WasmName } from "../../base/wasm_files.ts";

/** A WebAssembly module of `@jsquash`. */
export type CodecName = Extract<WasmName, "png" | "jpeg" | "webp" | "resize">;

const modules = new Map<CodecName, Promise<WebAssembly.Module>>();

/**
 * The compiled module of a codec, read and compiled at its first use. A failure is not kept, so that
 * the next call tries again.
 */
export function codecModule(name: CodecName): Promise<WebAssembly.Module> {
  let module = modules.get(name);
  if (module === undefined) {
    module = compile(name);
    module.catch(() => modules.delete(name));
    modules.set(name, module);
  }
  return module;
}

async function compile(name: CodecName): Promise<WebAssembly.Module> {
  return await WebAssembly.compile(await Deno.readFile(locations.wasm(name)));
}
