/**
 * Traces: what every network of a pair answers and costs on a data set, as `.npz` files that NumPy reads
 * and writes; and the losses that are counted on them.
 *
 * @example A trace of three examples, and what the small network gives up
 * ```ts
 * import { answersOf, decodeTrace, encodeTrace, excessOf, fullAnswers, logitsAt } from "./mod.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const bytes = encodeTrace({
 *   pair: "two-networks",
 *   nodes: ["small", "large"],
 *   successors: { start: ["small"], small: ["large"], large: [] },
 *   reads: { small: [], large: [] },
 *   full: "large",
 *   models: { small: "0".repeat(64), large: "1".repeat(64) },
 *   cost: { small: 1, large: 10 },
 *   measured: "by hand",
 *   count: 3,
 *   classes: 2,
 *   labels: Int32Array.of(0, 1, 1),
 *   logits: {
 *     small: Float32Array.of(2, 0, 0, 1, 1, 0),
 *     large: Float32Array.of(2, 0, 0, 1, 0, 1),
 *   },
 *   ids: ["a", "b", "c"],
 *   part: new Uint8Array(3),
 * }, { logits: "float32" });
 * const trace = decodeTrace(bytes, "two-networks.npz");
 * const rows = Int32Array.of(0, 1, 2);
 * const small = answersOf(trace, rows, (row) => logitsAt(trace.logits["small"]!, row, 2));
 * assertEquals([...excessOf(small, fullAnswers(trace, rows), "top1")], [0, 0, 1]);
 * ```
 *
 * @module
 */

export { leastTop } from "./compact.ts";
export * from "./loss.ts";
export { formatNpy, type NpyArray, type NpyNumbers } from "./npy.ts";
export { packNpz, unpackNpz } from "./npz.ts";
export { decodeTrace, encodeTrace, type EncodeTraceOptions, TraceError } from "./traces.ts";
export type * from "./types.ts";
