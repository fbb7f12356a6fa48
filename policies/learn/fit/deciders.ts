import { viewDecider } from "../../decider.ts";
import type {
  Decider,
  LinearDecider,
  LinearScore,
  ThresholdDecider,
  TreesDecider,
  TreesScore,
} from "../../document.ts";
import { directionOf, type FeatureTable, rowOf } from "./feature_table.ts";
import type { LinearFit } from "./logistic.ts";
import { type DecisionProblem, EXIT, type ProblemState } from "./reduction/problem.ts";
import type { ByStage } from "./reduction/reduce.ts";

/**
 * Names of a state's actions, as documents have them.
 *
 * @param problem The problem.
 * @param state The state.
 * @returns `exit`, or the name of a node.
 */
export function actionNames({ states }: DecisionProblem, { actions }: ProblemState): string[] {
  return actions.map((action) => action === EXIT ? "exit" : states[action]?.path.at(-1) as string);
}

/** A decider that scores every action 0, for where there is nothing to look at. */
export function constantDecider(actions: readonly string[]): LinearDecider {
  const scores = actions.slice(1).map(() => ({ bias: 0, weights: [] }));
  return { class: "linear", actions, features: [], mean: [], scale: [], scores };
}

/** A decider on one feature. */
export function thresholdDecider(
  actions: readonly string[],
  feature: string,
  temperature: number,
): ThresholdDecider {
  return { class: "threshold", feature, direction: directionOf(feature), temperature, actions };
}

/**
 * A linear decider; its fits, each with a scaling of its own, are brought to a common one.
 *
 * @param actions Names of the actions.
 * @param table Features, for the common scaling.
 * @param temperature What the logits were divided by.
 * @param fits One per action but the last.
 * @returns The decider, its numbers of six digits.
 */
export function linearDecider(
  actions: readonly string[],
  table: FeatureTable,
  temperature: number,
  fits: readonly LinearFit[],
): LinearDecider {
  const size = table.names.length;
  const mean = new Float64Array(size);
  const scale = new Float64Array(size);
  for (let row = 0; row < table.count; row++) {
    rowOf(table, row).forEach((value, column) => mean[column]! += value / table.count);
  }
  for (let row = 0; row < table.count; row++) {
    rowOf(table, row).forEach((value, column) => {
      scale[column]! += (value - mean[column]!) ** 2 / table.count;
    });
  }
  const means = [...mean].map(short);
  const scales = [...scale].map((square) => square > 1e-18 ? short(Math.sqrt(square)) : 1);
  const scores = fits.map((fit): LinearScore => {
    let bias = fit.bias;
    const weights = means.map((common, column) => {
      const perUnit = fit.weights[column]! / fit.scale[column]!;
      bias += perUnit * (common - fit.mean[column]!);
      return short(perUnit * scales[column]!);
    });
    return { bias: short(bias), weights };
  });
  return {
    class: "linear",
    temperature,
    actions,
    features: table.names,
    mean: means,
    scale: scales,
    scores,
  };
}

/**
 * A decider of trees, without the features that no tree looks at.
 *
 * @param actions Names of the actions.
 * @param names Features that the trees were grown on.
 * @param temperature What the logits were divided by.
 * @param scores One per action but the last.
 * @returns The decider; a constant one if there is no tree.
 */
export function treesDecider(
  actions: readonly string[],
  names: readonly string[],
  temperature: number,
  scores: readonly TreesScore[],
): TreesDecider | LinearDecider {
  const used = names.map((_, index) => index)
    .filter((index) => scores.some(({ inputs }) => inputs.includes(index)));
  if (used.length === 0) {
    const constant = constantDecider(actions);
    return { ...constant, scores: scores.map(({ bias }) => ({ bias, weights: [] })) };
  }
  return {
    class: "trees",
    temperature,
    actions,
    features: used.map((index) => names[index] as string),
    scores: scores.map((score) => ({
      ...score,
      inputs: score.inputs.map((index) => used.indexOf(index)),
    })),
  };
}

function short(value: number): number {
  return Number(value.toPrecision(6));
}

/**
 * Scores rows as the server would.
 *
 * @param deciders By state; absent where there is nothing to decide.
 * @param tables Features that each decider reads, by state.
 * @param count Number of rows.
 * @returns Scores by stage, turned so that high ones take the action.
 */
export function scoreRows(
  deciders: readonly (Decider | undefined)[],
  tables: readonly (FeatureTable | undefined)[],
  count: number,
): ByStage<Float64Array> {
  return deciders.map((decider, state) => {
    if (!decider) return [];
    const { scores, sign } = viewDecider(decider);
    const table = tables[state];
    const none = new Float64Array();
    return scores.map((score) =>
      Float64Array.from({ length: count }, (_, row) => {
        return sign * score(table ? rowOf(table, row) : none);
      })
    );
  });
}
