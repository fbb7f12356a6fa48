import type { Combine } from "../../../combine.ts";
import { compileFeatures, resolveFeature } from "../../../features.ts";
import { readerOf } from "../../../readers.ts";
import { at } from "../reduction/problem.ts";
import type { Trace } from "../../trace/types.ts";

/** Features of a state on rows of a trace. */
export interface FeatureTable {
  /** Names, d of them. */
  readonly names: readonly string[];
  /** Number of rows, m. */
  readonly count: number;
  /** Values, m × d, row-major. */
  readonly values: Float64Array;
}

/** Options of {@linkcode readFeatures}. */
export interface ReadOptions {
  /** Nodes run so far, the current one last. */
  readonly path: readonly string[];
  /** Names of the features, d of them. */
  readonly names: readonly string[];
  /** What divides all logits. */
  readonly temperature: number;
  /** How answers are combined. */
  readonly combine: Combine;
}

/** Options of {@linkcode readFeatures}. */
export interface ReadOptions {
  /** Nodes run so far, the current one last. */
  readonly path: readonly string[];
  /** Names of the features, d of them. */
  readonly names: readonly string[];
  /** What divides all logits. */
  readonly temperature: number;
  /** How answers are combined. */
  readonly combine: Combine;
}

/**
 * Reads features as the server would.
 *
 * @param trace The trace.
 * @param rows Rows of the trace, m of them.
 * @param options See {@linkcode ReadOptions}.
 * @returns The table, in the order of the rows.
 */
export function readFeatures(
  trace: Trace,
  rows: Int32Array,
  { path, names, temperature, combine }: ReadOptions,
): FeatureTable {
  const values = new Float64Array(rows.length * names.length);
  if (names.length > 0) {
    const read = compileFeatures(names, path, temperature, combine);
    rows.forEach((row, index) => {
      values.set(read(at(trace, row, path).logits), index * names.length);
    });
  }
  return { names, count: rows.length, values };
}

/**
 * Row of a table, without a copy.
 *
 * @param table The table.
 * @param row Index of the row.
 * @returns Its features, length d.
 */
export function rowOf({ names, values }: FeatureTable, row: number): Float64Array {
  return values.subarray(row * names.length, (row + 1) * names.length);
}

/**
 * Whether a state can read a feature.
 *
 * @param feature Name of the feature.
 * @param path Nodes run so far.
 * @returns False at `start`, and where nothing ran before that the feature compares with.
 */
export function readable(feature: string, path: readonly string[]): boolean {
  try {
    resolveFeature(feature, path);
    return true;
  } catch {
    return false;
  }
}

/**
 * Which values of a feature mean sure.
 *
 * @param feature Name of the feature.
 * @returns The direction of a threshold decider on it.
 */
export function directionOf(feature: string): "at_least" | "at_most" {
  return readerOf(feature.slice(feature.indexOf(".") + 1))?.direction ?? "at_least";
}
