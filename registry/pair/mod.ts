/**
 * The package `sluice`: what a plugin's `pair.ts` imports, and nothing else. A pair is data; it is
 * checked when it is loaded.
 *
 * @example A pair of two networks
 * ```ts
 * import { chain, definePair } from "sluice";
 * import { assertEquals } from "@std/assert";
 *
 * const pair = definePair({
 *   name: "digits",
 *   labels: ["zero", "one"],
 *   input: { name: "image", datatype: "FP32", shape: [1, 28, 28] },
 *   models: { small: { source: "./small.onnx" }, large: { source: "./large.onnx" } },
 *   graph: chain("small", "large"),
 * });
 * assertEquals(pair.graph, { small: ["large"], large: [] });
 * ```
 *
 * @module
 */

export { chain, definePair } from "./define_pair.ts";
export type { GraphSpec, InputSpec, ModelSpec, PairSpec, RemoteSpec } from "./pair_spec.ts";
export type { ImageSpec } from "./image_spec.ts";
export type {
  PluginCode,
  Postprocess,
  PostprocessContext,
  Preprocess,
  PreprocessContext,
} from "./plugin_code.ts";
export type { BackendName } from "../base/backend.ts";
export type { Pixels, Size } from "../base/pixels.ts";
export type { Tensor } from "../base/tensor.ts";
