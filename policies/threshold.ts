import type { Setting, ThresholdDecider } from "./document.ts";
import { show } from "./errors.ts";
import type { Action, DeciderView, Problem } from "./view.ts";

/**
 * Looks at a threshold decider.
 *
 * @param decider The decider.
 * @returns Its features, its actions and how to compile it.
 */
export function viewThreshold(decider: ThresholdDecider): DeciderView {
  // Turned round, "at most" is "at least": value ≤ threshold is −value ≥ −threshold.
  const sign = decider.direction === "at_most" ? -1 : 1;
  return {
    features: [{ value: decider.feature, at: ["feature"] }],
    actions: decider.actions.map((value, index) => ({ value, at: ["actions", index] })),
    findProblem: (setting) => findProblem(decider, sign, setting),
    compile: (setting) => compile(decider.actions, sign, thresholdsOf(setting) ?? []),
  };
}

function thresholdsOf(setting: Setting): readonly number[] | undefined {
  return "thresholds" in setting ? setting.thresholds : undefined;
}

function findProblem(
  { actions }: ThresholdDecider,
  sign: number,
  setting: Setting,
): Problem | undefined {
  const thresholds = thresholdsOf(setting);
  if (!thresholds) {
    return { at: [], reason: `expected thresholds for a threshold decider, got ${show(setting)}` };
  }
  const at = ["thresholds"];
  if (thresholds.length !== actions.length - 1) {
    const reason = `expected one fewer than the ${actions.length} actions, got ${show(thresholds)}`;
    return { at, reason };
  }
  const wrong = thresholds.findIndex((value, index) => {
    const before = thresholds[index - 1];
    return before !== undefined && sign * value > sign * before;
  });
  if (wrong < 0) return undefined;
  const order = sign > 0 ? "descending (at_least)" : "ascending (at_most)";
  return { at: [...at, wrong], reason: `expected ${order} thresholds, got ${show(thresholds)}` };
}

function compile(
  actions: readonly Action[],
  sign: number,
  thresholds: readonly number[],
): (features: Float64Array) => Action {
  const bounds = thresholds.map((threshold) => sign * threshold);
  return ([feature]) => {
    const value = sign * (feature as number);
    // Where no bound is reached the index is −1, which is the last action.
    const reached = bounds.findIndex((bound) => value >= bound);
    return actions.at(reached) as Action;
  };
}
