import { viewDecider } from "../../decider.ts";
import type { Decider, LinearDecider, ThresholdDecider } from "../../document.ts";
import { directionOf, type FeatureTable, rowOf } from "./classifiers/feature_table.ts";
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
