import { type DecisionProblem, EXIT, type ProblemState } from "./problem.ts";
import { type ByStage, follow } from "./reduce.ts";
import type { SweepPoint, Tuner } from "./tune.ts";

/** A problem without what nobody does. */
export interface Pruned {
  /** The problem; states keep their indices. */
  readonly problem: DecisionProblem;
  /** By state, whether it is still led to. */
  readonly alive: readonly boolean[];
  /** By state, the stages that are left: their positions in the whole problem. */
  readonly positions: readonly (readonly number[])[];
  /** Scores of the stages that are left. */
  readonly scores: ByStage<Float64Array>;
  /** Points with the thresholds that are left. */
  readonly points: readonly SweepPoint[];
}

/**
 * Drops the actions that no row takes at any point, and the states that nobody reaches.
 *
 * @param tuner The decision problem and its scores.
 * @param points The family.
 * @returns What is left; it does the same on the tuner's rows.
 */
export function prune(tuner: Tuner, points: readonly SweepPoint[]): Pruned {
  const { states } = tuner.problem;
  const used = states.map(({ actions }) => actions.map(() => false));
  for (const { lambda, thresholds } of points) {
    const { taken } = tuner.apply(lambda, thresholds);
    markUsed(tuner.problem, taken, used);
  }
  const kept = states.map((_, state) => {
    return used[state]!.flatMap((own, position) => own ? [position] : []);
  });
  const problem = {
    ...tuner.problem,
    states: states.map((state, index): ProblemState => ({
      ...state,
      actions: kept[index]!.map((position) => state.actions[position] as number),
    })),
  };
  const alive = states.map((_, index) => index === 0);
  problem.states.forEach(({ actions }, index) => {
    if (!alive[index]) return;
    for (const action of actions) if (action !== EXIT) alive[action] = true;
  });
  const positions = kept.map((list) => list.slice(0, -1));
  return {
    problem,
    alive,
    positions,
    scores: positions.map((list, state) => {
      return list.map((position) => tuner.scores[state]![position] as Float64Array);
    }),
    points: points.map(({ lambda, thresholds }) => ({
      lambda,
      thresholds: positions.map((list, state) => {
        return list.map((position) => thresholds[state]![position] as number);
      }),
    })),
  };
}

function markUsed(problem: DecisionProblem, taken: ByStage<Uint8Array>, used: boolean[][]): void {
  const { reached, exit } = follow(problem, taken);
  const visited = new Set(exit);
  problem.states.forEach(({ actions }, state) => {
    if (actions.length === 1 && (state === 0 || visited.has(state))) used[state]![0] = true;
    reached[state]!.forEach((came, position) => {
      const chosen = taken[state]![position]!;
      came.forEach((here, row) => {
        if (here && chosen[row]) used[state]![position] = true;
        else if (here && position === actions.length - 2) used[state]![position + 1] = true;
      });
    });
  });
}
