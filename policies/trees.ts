import { z } from "zod";
import {
  actions,
  expectLengths,
  feature,
  finite,
  PER_ACTION,
  temperature,
} from "./schema_parts.ts";
import type { DeciderClass, Score } from "./view.ts";

/** Scores by sums of small decision trees, as gradient boosting makes them. */
export interface TreesDecider {
  /** Names this class. */
  readonly class: "trees";
  /**
   * Divides the logits of every node that this decider reads.
   *
   * @default 1
   */
  readonly temperature?: number | undefined;
  /** In order: `exit`, or the name of a next node. */
  readonly actions: readonly string[];
  /** The features, `n` of them. */
  readonly features: readonly string[];
  /** How each action but the last is scored. */
  readonly scores: readonly TreesScore[];
}

/**
 * The score of one action of a {@linkcode TreesDecider}: `bias` and one leaf of every tree. All trees
 * are complete binary trees of one depth, one after the other in flat arrays; each lists its splits
 * level by level, the root first.
 */
export interface TreesScore {
  /** The score without any tree. */
  readonly bias: number;
  /** Splits between a root and a leaf, d; 1 to 4. */
  readonly depth: number;
  /** For each split the index of its feature, `2^d − 1` per tree. */
  readonly inputs: readonly number[];
  /** For each split: left below this value, right from it on. */
  readonly cuts: readonly number[];
  /** What each leaf adds, from left to right, `2^d` per tree. */
  readonly leaves: readonly number[];
}

const score = z.strictObject({
  bias: finite.describe("The score without any tree."),
  depth: z.int().min(1).max(4).describe("Splits between a root and a leaf, d."),
  inputs: z.array(z.int().min(0)).describe("Index of each split's feature, 2^d − 1 per tree."),
  cuts: z.array(finite).describe("Of each split: left below this value, right from it on."),
  leaves: z.array(finite).describe("What each leaf adds, 2^d per tree."),
}).superRefine(({ depth, inputs, cuts, leaves }, context) => {
  const trees = Math.floor(leaves.length / 2 ** depth);
  expectLengths(context, `number per leaf of ${trees} trees`, [
    [leaves, trees * 2 ** depth, "leaves"],
  ]);
  const splits = trees * (2 ** depth - 1);
  expectLengths(context, `number per split of ${trees} trees`, [
    [inputs, splits, "inputs"],
    [cuts, splits, "cuts"],
  ]);
});

const schema = z.strictObject({
  class: z.literal("trees"),
  temperature,
  actions,
  features: z.array(feature).min(1),
  scores: z.array(score).describe("How each action but the last is scored."),
}).superRefine(({ actions, features, scores }, context) => {
  expectLengths(context, PER_ACTION, [[scores, actions.length - 1, "scores"]]);
  scores.forEach(({ inputs }, index) => {
    const wrong = inputs.findIndex((input) => input >= features.length);
    if (wrong < 0) return;
    const path = ["scores", index, "inputs", wrong];
    const message = `expected the index of a feature, below ${features.length}`;
    context.addIssue({ code: "custom", path, message, input: inputs[wrong] });
  });
}).describe("Scores by sums of complete binary trees of one depth, in flat arrays.");

/** The class of sums of decision trees. */
export const treesClass: DeciderClass<TreesDecider> = {
  schema,
  view: ({ features, actions, scores }) => ({
    features: features.map((value, index) => ({ value, at: ["features", index] })),
    actions: actions.map((value, index) => ({ value, at: ["actions", index] })),
    scores: scores.map(compileTrees),
    sign: 1,
    ordered: false,
  }),
};

/**
 * Prepares the sum of the trees.
 *
 * @param score The trees; the lengths of their arrays fit each other.
 * @returns Walks every tree: microseconds.
 */
export function compileTrees({ bias, depth, inputs, cuts, leaves }: TreesScore): Score {
  const leafCount = 2 ** depth;
  const splitCount = leafCount - 1;
  const trees = leaves.length / leafCount;
  return (values) => {
    let score = bias;
    for (let tree = 0; tree < trees; tree++) {
      const first = tree * splitCount;
      // The children of split i are 2i + 1 and 2i + 2; what would be split 2^d − 1 + j is leaf j.
      let at = 0;
      while (at < splitCount) {
        const value = values[inputs[first + at] as number] as number;
        at = 2 * at + (value < (cuts[first + at] as number) ? 1 : 2);
      }
      score += leaves[tree * leafCount + at - splitCount] as number;
    }
    return score;
  };
}
