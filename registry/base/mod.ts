/**
 * What everything in the registry stands on: errors, events, tensors, the backend port, and where the
 * files of this build lie. It reads nothing else of the registry.
 *
 * @example An error names the field, the value and what was expected
 * ```ts
 * import { elementCount, InvalidInputError } from "./mod.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(elementCount([1, 28, 28]), 784);
 * const error = new InvalidInputError("shape", "is [28, 28], expected [1,28,28]");
 * assertEquals(error.message, "shape: is [28, 28], expected [1,28,28]");
 * ```
 *
 * @module
 */

export * from "./backend.ts";
export * from "./errors.ts";
export { EVENT_KINDS, type EventKind, type Log, type ServerEvent } from "./events.ts";
export { type Locations, locations } from "./locations.ts";
export { MAX_SIDE, type Pixels, type Size } from "./pixels.ts";
export { elementCount, type Tensor } from "./tensor.ts";
export { WASM_FILES, type WasmFile, type WasmName } from "./wasm_files.ts";
