import { codecModule } from "./codec_module.ts";
import type { Decoder, Pixels } from "../../base/pixels.ts";
import { checkPngChunks } from "./png_chunks.ts";

/** What is used of the module's exports. */
interface Exports {
  memory: WebAssembly.Memory;
  decode(at: number, length: number): number;
  __wbindgen_malloc(length: number, alignment: number): number;
  __wbindgen_free(at: number, length: number, alignment: number): void;
}

/**
 * A fresh PNG decoder. It stands in for the JavaScript side of `@jsquash/png`, which keeps one
 * instance for the life of the process: every image that cannot be decoded leaves its buffers there
 * for good (1.4 MB for each broken file of 600x400 pixels).
 */
export async function pngDecoder(): Promise<Decoder> {
  const module = await codecModule("png");
  let pixels: Pixels | null = null;

  function takePixels(at: number, length: number, width: number, height: number): number {
    pixels = {
      width,
      height,
      data: new Uint8ClampedArray(exports.memory.buffer, at, length).slice(),
    };
    exports.__wbindgen_free(at, length, 1);
    return 0;
  }

  function fail(): never {
    throw new SyntaxError("its data cannot be decoded");
  }

  // The names end in a hash that changes with the package's version.
  const wbg = Object.fromEntries(
    WebAssembly.Module.imports(module).map(({ name }) => {
      if (name.startsWith("__wbg_newwithownedu8clampedarray")) return [name, takePixels];
      return [name, name === "__wbindgen_throw" ? fail : () => 0];
    }),
  );
  const instance = await WebAssembly.instantiate(module, { wbg });
  const exports = instance.exports as unknown as Exports;

  return (bytes) => {
    checkPngChunks(bytes);
    pixels = null;
    const at = exports.__wbindgen_malloc(bytes.length, 1) >>> 0;
    new Uint8Array(exports.memory.buffer).set(bytes, at);
    exports.decode(at, bytes.length);
    return pixels;
  };
}
