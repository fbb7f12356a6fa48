/** Takes the place of `registry/base/locations.ts` in what `deno task build` makes. */
import type { Locations } from "../../registry/base/mod.ts";
import { wasmPath } from "./wasm_path.ts";

/** Those of a build: beside the bundle. */
export const locations: Locations = {
  worker: new URL("./worker.js", import.meta.url),
  models: new URL("./models/", import.meta.url),
  policies: new URL("./policies/live/", import.meta.url),
  sample: undefined,
  wasm: (name) => new URL(wasmPath(name), import.meta.url),
  docs: (name) => new URL(`./docs/${name}`, import.meta.url),
};
