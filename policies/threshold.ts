import { z } from "zod";
import { actions, feature, temperature } from "./schema_parts.ts";
import type { DeciderClass } from "./view.ts";

/** Scores every action by the same feature. */
export interface ThresholdDecider {
  /** Names this class. */
  readonly class: "threshold";
  /** The feature that is compared. */
  readonly feature: string;
  /**
   * Which values take an action: `at_least` where high means confident (`max_probability`),
   * `at_most` where low does (`entropy`).
   *
   * @default "at_least"
   */
  readonly direction?: "at_least" | "at_most" | undefined;
  /**
   * Divides the logits of every node that this decider reads.
   *
   * @default 1
   */
  readonly temperature?: number | undefined;
  /** In order: `exit`, or the name of a next node. */
  readonly actions: readonly string[];
}

const schema = z.strictObject({
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

/** The class of thresholds on one feature. */
export const thresholdClass: DeciderClass<ThresholdDecider> = {
  schema,
  view: ({ feature, direction, actions }) => ({
    features: [{ value: feature, at: ["feature"] }],
    actions: actions.map((value, index) => ({ value, at: ["actions", index] })),
    scores: actions.slice(1).map(() => ([value]) => value as number),
    sign: direction === "at_most" ? -1 : 1,
    ordered: true,
  }),
};
