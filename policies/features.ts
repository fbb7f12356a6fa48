import { type Combine, combineAnswers, logMeanSoftmax, weightsAt } from "./combine.ts";
import type { Evidence } from "./base/evidence.ts";
import { type Answers, FEATURE_NAMES, type Reader, readerOf } from "./readers.ts";
import { summarize, type Summary } from "./base/summary.ts";

export { FEATURE_NAMES, FEATURE_PATTERN } from "./readers.ts";

/** Reads the features of one state. */
export type FeatureReader = (logits: Evidence["logits"]) => Float64Array;

interface ResolvedFeature {
  readonly reader: Reader;
  /** The nodes that ran up to the one that the feature is of, that one last. */
  readonly path: readonly string[];
}

/**
 * Finds what a feature reads in one state.
 *
 * @param feature A name of {@linkcode FEATURE_NAMES} or `class_<index>`, of the current node; or
 * `<node>.<name>` of a node that ran earlier.
 * @param path Nodes run so far, the current one last.
 * @returns How it is read, and the nodes that it may read.
 * @throws {RangeError} If there is no such feature, or a node that it reads has not run.
 */
export function resolveFeature(feature: string, path: readonly string[]): ResolvedFeature {
  const dot = feature.indexOf(".");
  const reader = readerOf(feature.slice(dot + 1));
  if (!reader) {
    throw new RangeError(
      `there is no feature ${feature}, expected one of ${
        FEATURE_NAMES.join(", ")
      }, class_<index>, ` +
        "or one of an earlier node as <node>.<feature>",
    );
  }
  const position = dot < 0 ? path.length - 1 : path.indexOf(feature.slice(0, dot));
  const node = path[position];
  if (node === undefined) {
    throw new RangeError(
      path.length === 0
        ? `no model has run at start, expected no feature, got ${feature}`
        : `${feature.slice(0, dot)} has not run on the path ${path.join(">")}, ` +
          `expected one of ${path.join(", ")}`,
    );
  }
  if (reader.of === "previous" && position === 0) {
    throw new RangeError(
      `${feature} has nothing to compare with, expected a node before ${node} ` +
        `on the path ${path.join(">")}`,
    );
  }
  return { reader, path: path.slice(0, position + 1) };
}

/**
 * Prepares the reading of features in one state, so that nothing can fail when a request waits.
 *
 * @param features Names as {@linkcode resolveFeature} takes them, `n` of them.
 * @param path Nodes run so far, the current one last.
 * @param temperature Divides all logits, > 0; but not those that a learned pool weighs.
 * @param combine How answers are combined: what the pooled features look at. Where only the last node
 * answers, they look at the mean.
 * @returns Reads the features, length n, from the logits of the nodes on the path. Every value is
 * finite for finite logits; what several features look at is computed once.
 * @throws {RangeError} If there is no such feature, or a node that it reads has not run.
 *
 * @example The margin of one answer
 * ```ts
 * import { compileFeatures } from "./features.ts";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const read = compileFeatures(["margin"], ["small"]);
 * const [margin] = read(new Map([["small", Float32Array.of(Math.log(3), 0)]]));
 * assertAlmostEquals(margin!, 0.75 - 0.25, 1e-6);
 * ```
 */
export function compileFeatures(
  features: readonly string[],
  path: readonly string[],
  temperature = 1,
  combine: Combine = "last",
): FeatureReader {
  // One node, or several that are pooled.
  const sources = new Map<string, readonly string[]>();
  const slotOf = (nodes: readonly string[]) => {
    const key = nodes.join(">");
    if (!sources.has(key)) sources.set(key, nodes);
    return [...sources.keys()].indexOf(key);
  };
  const columns = features.map((feature) => {
    const { reader, path: seen } = resolveFeature(feature, path);
    const own = seen.slice(-1);
    return {
      read: reader.read,
      own: slotOf(own),
      previous: slotOf(reader.of === "previous" ? seen.slice(-2, -1) : own),
      pooled: slotOf(reader.of === "pooled" ? seen : own),
    };
  });
  const lists = [...sources.values()];
  return (logits) => {
    const summaries = lists.map((nodes) => summarizeNodes(nodes, logits, temperature, combine));
    const at = (slot: number) => summaries[slot] as Summary;
    const values = new Float64Array(columns.length);
    columns.forEach(({ read, own, previous, pooled }, index) => {
      const answers: Answers = { own: at(own), previous: at(previous), pooled: at(pooled) };
      values[index] = read(answers);
    });
    return values;
  };
}

function summarizeNodes(
  nodes: readonly string[],
  logits: Evidence["logits"],
  temperature: number,
  combine: Combine,
): Summary {
  const answers = nodes.map((node) => logitsOf(logits, node));
  const [only, ...others] = answers;
  if (only && others.length === 0) return summarize(only, temperature);
  return weightsAt(combine, nodes)
    ? summarize(combineAnswers(combine, { path: nodes, logits }), 1)
    : summarize(logMeanSoftmax(answers, temperature), 1);
}

function logitsOf(logits: Evidence["logits"], node: string): Float32Array {
  const found = logits.get(node);
  if (!found) {
    throw new Error(`Cannot read features of ${node}: its logits are not in the evidence`);
  }
  return found;
}
