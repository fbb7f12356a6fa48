/**
 * Tensors as the Open Inference Protocol v2 writes them, in JSON and in the binary form of Triton's
 * extension: for the server, and for whoever asks another server.
 *
 * @example Elements from JSON, and as bytes
 * ```ts
 * import { readJsonData, writeBinaryData } from "./mod.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const elements = readJsonData("INT16", [[1, 2], [3, -1]], 4, "data");
 * assertEquals([...writeBinaryData("INT16", elements)], [1, 0, 2, 0, 3, 0, 255, 255]);
 * ```
 *
 * @module
 */

export { readBinaryData, writeBinaryData } from "./binary_data.ts";
export {
  type Datatype,
  type DatatypeInfo,
  DATATYPES,
  type Elements,
  type ElementsOf,
  type FixedElements,
  type View,
} from "./datatypes.ts";
export { readJsonData, writeJsonData } from "./json_data.ts";
