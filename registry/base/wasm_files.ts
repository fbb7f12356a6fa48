/** A WebAssembly file of an npm package. */
export interface WasmFile {
  /** Where it is: package and path. */
  readonly specifier: string;
  /**
   * The backend that alone needs it; a build leaves it out where no model asks for that.
   *
   * @default every server needs it
   */
  readonly backend?: string;
}

/** The names of {@linkcode WASM_FILES}. */
export type WasmName = "onnxruntime" | "webgpu" | "png" | "jpeg" | "webp" | "resize";

/** The WebAssembly files that are read while serving; `deno task build` takes them along. */
export const WASM_FILES: Readonly<Record<WasmName, WasmFile>> = {
  onnxruntime: { specifier: "onnxruntime-web/ort-wasm-simd-threaded.wasm" },
  webgpu: {
    specifier: "onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm",
    backend: "webgpu",
  },
  png: { specifier: "@jsquash/png/codec/pkg/squoosh_png_bg.wasm" },
  jpeg: { specifier: "@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm" },
  webp: { specifier: "@jsquash/webp/codec/dec/webp_dec.wasm" },
  resize: { specifier: "@jsquash/resize/lib/resize/pkg/squoosh_resize_bg.wasm" },
};
