import type { ThresholdDecider } from "./document.ts";
import type { DeciderView } from "./view.ts";

/**
 * Looks at a threshold decider.
 *
 * @param decider The decider.
 * @returns What the other modules need to know of it.
 */
export function viewThreshold({ feature, direction, actions }: ThresholdDecider): DeciderView {
  return {
    features: [{ value: feature, at: ["feature"] }],
    actions: actions.map((value, index) => ({ value, at: ["actions", index] })),
    scores: actions.slice(1).map(() => ([value]) => value as number),
    sign: direction === "at_most" ? -1 : 1,
    ordered: true,
  };
}
