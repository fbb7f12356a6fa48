/**
 * What `learn`, `evaluate` and benchmarks read: a pair's trace with the hash of its file.
 *
 * @example The trace that ships with a pair
 * ```ts
 * import { readTrace } from "./mod.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const { trace } = await readTrace(new URL("../../", import.meta.url), "fashion-mnist", undefined);
 * assertEquals([trace.nodes, trace.classes], [["small", "medium", "large"], 10]);
 * ```
 *
 * @module
 */

export { readTrace, type TraceFile } from "./inputs.ts";
