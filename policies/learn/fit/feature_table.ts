import type { Combine } from "../../combine.ts";
import { compileFeatures, resolveFeature } from "../../features.ts";
import { at } from "./problem.ts";
import type { CombineKind, LossKind, Trace } from "../trace/types.ts";

/** Features of a state on rows of a trace. */
export interface FeatureTable {
  /** Names, d of them. */
  readonly names: readonly string[];
  /** Number of rows, m. */
  readonly count: number;
  /** Values, m × d, row-major. */
  readonly values: Float64Array;
}

/** With more classes than this, their single probabilities are no features. */
const MAX_CLASS_FEATURES = 20;

/** Features that a learner may read, by path. */
export interface FeatureSet {
  /** What is in it, for people. */
  readonly name: string;
  /** Names of the features after a path; none at `start`. */
  of(path: readonly string[]): readonly string[];
}

/**
 * The sets of features among which a learner chooses: how sure the nodes are and whether they agree;
 * and with that every class's probability, where there are few classes. Trees choose among all.
 *
 * @param trace The trace, for its classes.
 * @param policyClass What learns from them.
 * @returns The sets, the smallest first.
 */
export function featureSets(
  { classes }: Pick<Trace, "classes">,
  policyClass: "logistic" | "trees",
): FeatureSet[] {
  const topFive = classes > 5;
  const few = classes <= MAX_CLASS_FEATURES;
  const single = few ? Array.from({ length: classes }, (_, index) => `class_${index}`) : [];
  const sure: FeatureSet = {
    name: "class-free features",
    of: (path) => {
      if (path.length === 0) return [];
      const own = ["log_odds", "margin", "entropy", ...(topFive && !few ? ["top_5_mass"] : [])];
      if (path.length === 1) return own;
      const overlap = topFive && !few ? ["top_5_overlap", "pooled_top_5_mass"] : [];
      const relative = ["agreement", "previous_class_probability", "divergence", "pooled_log_odds"];
      return [
        ...own,
        ...relative,
        ...overlap,
        ...path.slice(0, -1).map((node) => `${node}.log_odds`),
      ];
    },
  };
  const all: FeatureSet = {
    name: few ? "features of every class" : sure.name,
    of: (path) => path.length === 0 ? [] : [...sure.of(path), ...single],
  };
  return policyClass === "trees" || !few ? [all] : [sure, all];
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

/** A feature of which low values mean sure. */
const LOW_IS_SURE = /(^|\.)(entropy|pooled_entropy|divergence|probability_[2-5])$/;

/**
 * Which values of a feature mean sure.
 *
 * @param feature Name of the feature.
 * @returns The direction of a threshold decider on it.
 */
export function directionOf(feature: string): "at_least" | "at_most" {
  return LOW_IS_SURE.test(feature) ? "at_most" : "at_least";
}

/**
 * Features for a single threshold among which the learner chooses, what suits the loss first: by how
 * much the first class is ahead, or how much probability five classes hold.
 */
export function singleFeatures(
  { classes }: Pick<Trace, "classes">,
  kind: LossKind,
  combine: CombineKind,
): string[] {
  const sure = ["margin", "max_probability", "entropy"];
  const five = kind === "top5" || kind === "signed5";
  const mass = classes > 5 ? ["top_5_mass"] : [];
  const names = five ? [...mass, "entropy", "max_probability", "margin"] : [...sure, ...mass];
  return combine === "last" ? names : names.map((name) => `pooled_${name}`);
}
