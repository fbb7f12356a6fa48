/**
 * From a request to tensors: decoding images, and preparing them as a plugin declares or codes it.
 *
 * @example A white image as the input of a pair
 * ```ts
 * import { imageInput, rawPixels } from "./mod.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const white = rawPixels(new Uint8Array(4).fill(255), { width: 2, height: 2, channels: 1 });
 * const input = imageInput({
 *   name: "tiny",
 *   labels: ["no", "yes"],
 *   input: { name: "image", datatype: "FP32", shape: [1, 2, 2] },
 *   image: { channels: 1, resize: "fit", mean: [0.5], std: [0.5] },
 *   models: { only: { source: "./only.onnx" } },
 *   graph: { only: [] },
 * }, () => white);
 * const { shape, data } = await input("only");
 * assertEquals([shape, [...data]], [[1, 1, 2, 2], [1, 1, 1, 1]]);
 * ```
 *
 * @module
 */

export * from "./image/mod.ts";
export { imageInput } from "./image_input.ts";
export { runPreprocess } from "./run_preprocess.ts";
