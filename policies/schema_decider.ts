import { z } from "zod";
import type { Decider } from "./document.ts";
import { FEATURE_NAMES, FEATURE_PATTERN } from "./features.ts";

const NODE = "[A-Za-z][A-Za-z0-9_-]{0,63}";

/** A number within limits, which are named when it is not. */
export function between(low: number, high: number): z.ZodNumber {
  const message = `expected a number from ${low} to ${high}`;
  return z.number().min(low, message).max(high, message);
}

/** Limits within which no score can overflow, whatever the evidence. */
export const finite: z.ZodNumber = between(-1e9, 1e9);

/** The name of a node. */
export const nodeName: z.ZodString = z.string().regex(
  RegExp(`^${NODE}$`),
  "expected the name of a node: letters, digits, _ and -, at most 64",
);
/** A node, or the path that led to it. */
export const stateKey: z.ZodString = z.string().regex(
  RegExp(`^${NODE}(>${NODE})*$`),
  "expected a node, such as medium, or a path, such as small>medium",
);
const feature = z.string().regex(
  RegExp(`^(${NODE}\\.)?(${FEATURE_PATTERN})$`),
  `expected one of ${FEATURE_NAMES.join(", ")}, class_<index>, ` +
    "or one of an earlier node as <node>.<feature>",
).meta({
  description:
    "A number read from the logits of the current node; <node>.<feature> reads those of " +
    "a node that has run on every path that leads here. agreement is 1 where a node predicts the " +
    "same class as the node before it; previous_class_probability is what it gives to that node's " +
    "class; divergence is from that node's answer; pooled_ is of the mean of the probabilities of " +
    "all nodes so far; class_3 is the probability of class 3; logarithms are natural.",
  examples: [...FEATURE_NAMES],
});

const temperature = between(0.01, 100).optional().meta({
  description: "Divides the logits of every node that this decider reads.",
  default: 1,
});

const actions = z.array(nodeName).min(1)
  .refine((actions) => new Set(actions).size === actions.length, "expected no action twice")
  .meta({
    description: 'In order: "exit" or the next node. The first action whose score reaches its ' +
      "threshold is taken, the last action if none does.",
    uniqueItems: true,
  });

const thresholdDecider = z.strictObject({
  class: z.literal("threshold"),
  feature,
  direction: z.enum(["at_least", "at_most"]).optional().meta({
    description: "at_least where high means confident (max_probability), at_most where low does " +
      "(entropy).",
    default: "at_least",
  }),
  temperature,
  actions,
}).describe("Compares one feature with the thresholds of the operating point.");

type Lists =
  readonly (readonly [list: readonly unknown[], count: number, ...path: PropertyKey[]])[];

function expectLengths(context: z.RefinementCtx, unit: string, lists: Lists): void {
  for (const [list, count, ...path] of lists) {
    if (list.length === count) continue;
    const message = `expected one ${unit}, ${count}`;
    context.addIssue({ code: "custom", path, message, input: list });
  }
}

const perAction = "score per action but the last";
const perFeature = "number per feature";

const linearDecider = z.strictObject({
  class: z.literal("linear"),
  temperature,
  actions,
  features: z.array(feature),
  mean: z.array(finite).describe("Subtracted from each feature."),
  scale: z.array(between(1e-9, 1e9)).describe("Divides each feature after that."),
  scores: z.array(z.strictObject({
    bias: finite.describe("The score at the mean of all features."),
    weights: z.array(finite).describe("Change of the score per scaled feature, one per feature."),
  })).describe("How each action but the last is scored."),
}).superRefine((decider, context) => {
  const { features: { length: count }, mean, scale, scores } = decider;
  expectLengths(context, perAction, [[scores, decider.actions.length - 1, "scores"]]);
  expectLengths(context, perFeature, [
    [mean, count, "mean"],
    [scale, count, "scale"],
    ...scores.map(({ weights }, index) => [weights, count, "scores", index, "weights"] as const),
  ]);
}).describe("Scores by weighted sums: bias + Σ weights · (feature − mean) / scale.");

const treesScore = z.strictObject({
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

const treesDecider = z.strictObject({
  class: z.literal("trees"),
  temperature,
  actions,
  features: z.array(feature).min(1),
  scores: z.array(treesScore).describe("How each action but the last is scored."),
}).superRefine(({ actions, features, scores }, context) => {
  expectLengths(context, perAction, [[scores, actions.length - 1, "scores"]]);
  scores.forEach(({ inputs }, index) => {
    const wrong = inputs.findIndex((input) => input >= features.length);
    if (wrong < 0) return;
    const path = ["scores", index, "inputs", wrong];
    const message = `expected the index of a feature, below ${features.length}`;
    context.addIssue({ code: "custom", path, message, input: inputs[wrong] });
  });
}).describe("Scores by sums of complete binary trees of one depth, in flat arrays.");

/** What chooses an action at a node, of any class. */
export const decider: z.ZodType<Decider> = z.discriminatedUnion("class", [
  thresholdDecider,
  linearDecider,
  treesDecider,
]);
