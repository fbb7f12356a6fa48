import { z } from "zod";
import {
  actions,
  between,
  expectLengths,
  feature,
  finite,
  PER_ACTION,
  temperature,
} from "./schema_parts.ts";
import type { DeciderClass } from "./view.ts";

/** Scores by weighted sums: `bias + Σ weights · (features − mean) / scale`. */
export interface LinearDecider {
  /** Names this class. */
  readonly class: "linear";
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
  /** What is subtracted from each feature, length n. */
  readonly mean: readonly number[];
  /** What each feature is divided by after that, length n, positive. */
  readonly scale: readonly number[];
  /** How each action but the last is scored. */
  readonly scores: readonly LinearScore[];
}

/** The score of one action of a {@linkcode LinearDecider}. */
export interface LinearScore {
  /** The score at the mean of all features. */
  readonly bias: number;
  /** Change of the score per scaled feature, length n. */
  readonly weights: readonly number[];
}

const schema = z.strictObject({
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
  expectLengths(context, PER_ACTION, [[scores, decider.actions.length - 1, "scores"]]);
  expectLengths(context, "number per feature", [
    [mean, count, "mean"],
    [scale, count, "scale"],
    ...scores.map(({ weights }, index) => [weights, count, "scores", index, "weights"] as const),
  ]);
}).describe("Scores by weighted sums: bias + Σ weights · (feature − mean) / scale.");

/** The class of weighted sums. */
export const linearClass: DeciderClass<LinearDecider> = {
  schema,
  view(decider) {
    const { features, actions, mean, scale, scores } = decider;
    return {
      features: features.map((value, index) => ({ value, at: ["features", index] })),
      actions: actions.map((value, index) => ({ value, at: ["actions", index] })),
      scores: scores.map(({ bias, weights }) => (values: Float64Array) => {
        let score = bias;
        for (let index = 0; index < weights.length; index++) {
          const centred = (values[index] as number) - (mean[index] as number);
          score += (weights[index] as number) * (centred / (scale[index] as number));
        }
        return score;
      }),
      sign: 1,
      ordered: false,
    };
  },
};
