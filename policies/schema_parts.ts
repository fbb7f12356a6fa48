import { z } from "zod";
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

/** The name of a feature. */
export const feature = z.string().regex(
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

/** What a decider divides logits by. */
export const temperature = between(0.01, 100).optional().meta({
  description: "Divides the logits of every node that this decider reads.",
  default: 1,
});

/** The actions of a decider. */
export const actions = z.array(nodeName).min(1)
  .refine((actions) => new Set(actions).size === actions.length, "expected no action twice")
  .meta({
    description: 'In order: "exit" or the next node. The first action whose score reaches its ' +
      "threshold is taken, the last action if none does.",
    uniqueItems: true,
  });

/** How many scores a decider must have, for errors. */
export const PER_ACTION = "score per action but the last";

/** Lists, how long each must be, and where each stands. */
export type Lists =
  readonly (readonly [list: readonly unknown[], count: number, ...path: PropertyKey[]])[];

/**
 * Refuses lists that are too short or too long.
 *
 * @param context Takes what is wrong.
 * @param unit What there must be one of.
 * @param lists See {@linkcode Lists}.
 */
export function expectLengths(context: z.RefinementCtx, unit: string, lists: Lists): void {
  for (const [list, count, ...path] of lists) {
    if (list.length === count) continue;
    const message = `expected one ${unit}, ${count}`;
    context.addIssue({ code: "custom", path, message, input: list });
  }
}
