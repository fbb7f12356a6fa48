const FILES = {
  png: "@jsquash/png/codec/pkg/squoosh_png_bg.wasm",
  jpeg: "@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm",
  webp: "@jsquash/webp/codec/dec/webp_dec.wasm",
  resize: "@jsquash/resize/lib/resize/pkg/squoosh_resize_bg.wasm",
} as const;

/** A WebAssembly module of `@jsquash`. */
export type CodecName = keyof typeof FILES;

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
  return await WebAssembly.compile(
    await Deno.readFile(new URL(import.meta.resolve(FILES[name]))),
  );
}
