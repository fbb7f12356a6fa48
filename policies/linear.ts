import type { LinearDecider } from "./document.ts";
import type { DeciderView } from "./view.ts";

/**
 * Looks at a linear decider.
 *
 * @param decider The decider.
 * @returns What the other modules need to know of it.
 */
export function viewLinear(decider: LinearDecider): DeciderView {
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
}
