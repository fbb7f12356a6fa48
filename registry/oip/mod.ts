/**
 * Tensors as the Open Inference Protocol v2 writes them, in JSON and in the binary form of Triton's
 * extension: for the server, and for whoever asks another server.
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
  isDatatype,
  type View,
} from "./datatypes.ts";
export { readJsonData, writeJsonData } from "./json_data.ts";
