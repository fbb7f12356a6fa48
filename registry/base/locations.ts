import { WASM_FILES, type WasmName } from "./wasm_files.ts";

/**
 * Where the files lie that belong to the code. `deno task build` puts `cli/build/dist_locations.ts` in
 * place of this module, because a bundle lies elsewhere.
 */
export interface Locations {
  /** The worker's script. */
  readonly worker: URL;
  /** Folder of models by their hash, with a trailing slash. */
  readonly models: URL;
  /** Folder of the policies that ship, with a trailing slash. */
  readonly policies: URL;
  /** A sample image to paste, from where the server is started; undefined if none ships. */
  readonly sample: string | undefined;
  /** A WebAssembly file of a package. */
  readonly wasm: (name: WasmName) => URL;
  /** A file of Swagger UI, for the page of the API. */
  readonly docs: (name: string) => URL;
}

/** Those of a checkout. */
export const locations: Locations = {
  worker: new URL("../runtime/worker.ts", import.meta.url),
  models: new URL("../../models/", import.meta.url),
  policies: new URL("../../policies/live/", import.meta.url),
  sample: "registry/plugins/fashion-mnist/samples/0001.png",
  wasm: (name) => new URL(import.meta.resolve(WASM_FILES[name].specifier)),
  docs: (name) => new URL(import.meta.resolve(`swagger-ui-dist/${name}`)),
};
