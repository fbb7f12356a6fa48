import type { LinearDecider, LinearScore, Setting } from "./document.ts";
import { show } from "./errors.ts";
import type { Action, DeciderView, Problem } from "./view.ts";

/**
 * Looks at a linear decider.
 *
 * @param decider The decider.
 * @returns Its features, its actions and how to compile it.
 */
export function viewLinear(decider: LinearDecider): DeciderView {
  return {
    features: decider.features.map((value, index) => ({ value, at: ["features", index] })),
    actions: Object.keys(decider.scores).map((value) => ({ value, at: ["scores", value] })),
    findProblem: (setting) => findProblem(decider, setting),
    compile: (setting) => compile(decider, offsetOf(setting) ?? 0),
  };
}

function offsetOf(setting: Setting): number | undefined {
  return "offset" in setting ? setting.offset : undefined;
}

function findProblem({ scores }: LinearDecider, setting: Setting): Problem | undefined {
  const offset = offsetOf(setting);
  if (offset === undefined) {
    return { at: [], reason: `expected an offset for a linear decider, got ${show(setting)}` };
  }
  if (offset === 0 || Object.hasOwn(scores, "exit")) return undefined;
  return { at: ["offset"], reason: `expected 0 without a score for exit, got ${offset}` };
}

function compile(
  { mean, scale, scores }: LinearDecider,
  offset: number,
): (features: Float64Array) => Action {
  const score = ({ bias, weights }: LinearScore, features: Float64Array) =>
    features.reduce((sum, value, index) => {
      const scaled = (value - (mean[index] as number)) / (scale[index] as number);
      return sum + (weights[index] as number) * scaled;
    }, bias);

  const shifted = Object.entries(scores).map(([action, { bias, weights }]) => {
    const own = action === "exit" ? { bias: bias + offset, weights } : { bias, weights };
    return { action, score: own };
  });
  // Exit comes first, so that only a higher score takes its place.
  shifted.sort((a, b) => Number(b.action === "exit") - Number(a.action === "exit"));
  return (features) => {
    let best = -Infinity;
    let choice = "exit";
    for (const { action, score: own } of shifted) {
      const value = score(own, features);
      if (value > best) [best, choice] = [value, action];
    }
    return choice;
  };
}
