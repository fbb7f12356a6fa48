/**
 * Reading data sets: IDX files here, folders of images with `labels.csv` in `image_examples.ts`.
 *
 * @example An IDX file of two bytes
 * ```ts
 * import { parseIdx } from "./mod.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const { shape, data } = parseIdx(Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 2, 7, 9));
 * assertEquals([shape, [...data]], [[2], [7, 9]]);
 * ```
 *
 * @module
 */

export { type FoundPair } from "./find_pair.ts";
export { type IdxArray, parseIdx, readIdx } from "./idx.ts";
