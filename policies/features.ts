import { summarize, type Summary } from "./summary.ts";

/** What a policy may look at: the outputs of the nodes run so far, never the label. */
export interface Evidence {
  /** Nodes in the order in which they ran, the current one last; empty at `start`. */
  readonly path: readonly string[];
  /** Unnormalised, finite scores of every node that has run, one per class. */
  readonly logits: ReadonlyMap<string, Float32Array>;
}

/** A number that is read from the logits of one node, after temperature scaling. */
export type FeatureName =
  | "max_probability"
  | "margin"
  | "entropy"
  | "log_sum_exp"
  | "probability_1"
  | "probability_2"
  | "probability_3"
  | "probability_4"
  | "probability_5"
  | "top_5_mass"
  | "agreement";

/** Reads the features of one state. */
export type FeatureReader = (logits: Evidence["logits"]) => Float64Array;

interface ResolvedFeature {
  readonly name: FeatureName;
  readonly node: string;
  /** The node that ran before `node`. */
  readonly previous: string | undefined;
}

const READERS: Record<FeatureName, (summary: Summary, previous: Summary | undefined) => number> = {
  max_probability: ({ top }) => top[0],
  margin: ({ top }) => top[0] - top[1],
  entropy: ({ entropy }) => entropy,
  log_sum_exp: ({ logSumExp }) => logSumExp,
  probability_1: ({ top }) => top[0],
  probability_2: ({ top }) => top[1],
  probability_3: ({ top }) => top[2],
  probability_4: ({ top }) => top[3],
  probability_5: ({ top }) => top[4],
  top_5_mass: ({ top }) => Math.min(1, top.reduce((mass, probability) => mass + probability)),
  agreement: ({ best }, previous) => (best === previous?.best ? 1 : 0),
};

/** Names of all features. */
export const FEATURE_NAMES: readonly FeatureName[] = Object.keys(READERS) as FeatureName[];

/**
 * Finds what a feature reads in one state.
 *
 * @param feature A name of {@linkcode FEATURE_NAMES}, of the current node; or `<node>.<name>` of a
 * node that ran earlier.
 * @param path Nodes run so far, the current one last.
 * @returns The name and the nodes that it reads.
 * @throws {RangeError} If there is no such feature, or a node that it reads has not run.
 */
export function resolveFeature(feature: string, path: readonly string[]): ResolvedFeature {
  const dot = feature.indexOf(".");
  const name = FEATURE_NAMES.find((known) => known === feature.slice(dot + 1));
  if (!name) {
    throw new RangeError(
      `there is no feature ${feature}, expected one of ${FEATURE_NAMES.join(", ")}, ` +
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
  const previous = path[position - 1];
  if (name === "agreement" && previous === undefined) {
    throw new RangeError(
      `${feature} has nothing to agree with, expected a node before ${node} ` +
        `on the path ${path.join(">")}`,
    );
  }
  return { name, node, previous };
}

/**
 * Prepares the reading of features in one state, so that nothing can fail when a request waits.
 *
 * @param features Names as {@linkcode resolveFeature} takes them, `n` of them.
 * @param path Nodes run so far, the current one last.
 * @param temperature Divides all logits, > 0.
 * @returns Reads the features, length n, from the logits of the nodes on the path. Every value is
 * finite for finite logits; the logits of a node are gone through once.
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
): FeatureReader {
  const nodes: string[] = [];
  const slotOf = (node: string) => {
    if (!nodes.includes(node)) nodes.push(node);
    return nodes.indexOf(node);
  };
  const columns = features.map((feature) => {
    const { name, node, previous } = resolveFeature(feature, path);
    const needed = name === "agreement" ? previous : undefined;
    return {
      read: READERS[name],
      slot: slotOf(node),
      previousSlot: needed === undefined ? -1 : slotOf(needed),
    };
  });
  return (logits) => {
    const summaries = nodes.map((node) => summarize(logitsOf(logits, node), temperature));
    return Float64Array.from(columns, ({ read, slot, previousSlot }) => {
      return read(summaries[slot] as Summary, summaries[previousSlot]);
    });
  };
}

function logitsOf(logits: Evidence["logits"], node: string): Float32Array {
  const found = logits.get(node);
  if (!found) {
    throw new Error(`Cannot read features of ${node}: its logits are not in the evidence`);
  }
  return found;
}
