import { viewDecider } from "../../decider.ts";
import type {
  Combine,
  Decider,
  OperatingPoint,
  PolicyDocument,
  Thresholds,
} from "../../document.ts";
import { scoreRows } from "./deciders.ts";
import { TAKE_NONE } from "./reduction/offsets.ts";
import type { DecisionProblem, ProblemState } from "./reduction/problem.ts";
import type { Pruned } from "./reduction/prune.ts";
import { follow } from "./reduction/reduce.ts";
import type { Material, Scored } from "./scores.ts";
import { compileTuner, sum } from "./reduction/tune.ts";

/** What one point of a family does on rows that were not learned from. */
export interface PointOutcome {
  /** Price of one unit of loss, milliseconds. */
  readonly lambda: number;
  /** Milliseconds per row. */
  readonly cost: Float64Array;
  /** Loss per row. */
  readonly loss: Float64Array;
}

/** Where one point of a family leads rows. */
export interface PointExits extends Pick<PointOutcome, "lambda" | "cost"> {
  /** Index of the state at which each row exits. */
  readonly exit: Int32Array;
}

/** A learned family, before it is judged. */
export interface Family {
  /** By state; absent where nothing is decided. */
  readonly deciders: readonly (Decider | undefined)[];
  /** What is left of the problem and the points. */
  readonly pruned: Pruned;
}

/**
 * Builds the deciders of a family.
 *
 * @param scored Learned scores.
 * @param pruned What is left of the problem and the points.
 * @param forced By state, whether the graph leaves no choice, so that no decider is needed.
 * @returns The family.
 */
export function buildFamily(scored: Scored, pruned: Pruned, forced: readonly boolean[]): Family {
  const deciders = pruned.problem.states.map((_, state) =>
    pruned.alive[state] && !forced[state]
      ? scored.decider(state, pruned.problem, pruned.positions[state] as readonly number[])
      : undefined
  );
  return { deciders, pruned };
}

/**
 * Follows every point on other rows, exactly as its compiled document would.
 *
 * @param family The family.
 * @param problem The problem of the other rows.
 * @param material The other rows.
 * @param combine How answers are combined.
 * @returns The exits of every point.
 */
export function followPoints(
  { deciders, pruned }: Family,
  problem: DecisionProblem,
  material: Material,
  combine: Combine,
): PointExits[] {
  const own: DecisionProblem = {
    count: problem.count,
    states: problem.states.map((state, index) => ({
      ...state,
      actions: (pruned.problem.states[index] as ProblemState).actions,
    })),
  };
  const tables = deciders.map((decider, state) => {
    if (!decider) return undefined;
    const names = viewDecider(decider).features.map(({ value }) => value);
    const { path } = own.states[state] as ProblemState;
    return material.table(path, names, decider.temperature ?? 1, combine);
  });
  const tuner = compileTuner(own, scoreRows(deciders, tables, own.count));
  return pruned.points.map(({ lambda, thresholds }) => {
    const { cost, exit } = follow(own, tuner.apply(lambda, thresholds).taken);
    return { lambda, cost, exit };
  });
}

/**
 * Reads what exits lose.
 *
 * @param points Where points lead rows.
 * @param problem The problem of the rows, with the losses to read.
 * @returns One outcome per point.
 */
export function lossesAt(
  points: readonly PointExits[],
  { states }: DecisionProblem,
): PointOutcome[] {
  return points.map(({ lambda, cost, exit }) => ({
    lambda,
    cost,
    loss: Float64Array.from(exit, (state, row) => states[state]?.loss?.[row] as number),
  }));
}

/**
 * Writes a family as operating points.
 *
 * @param family The family.
 * @param outcomes What each point does on validation rows.
 * @returns The deciders and points of the document.
 */
export function writeFamily(
  { deciders, pruned }: Family,
  outcomes: readonly PointOutcome[],
): Pick<PolicyDocument, "nodes" | "points"> {
  const { states } = pruned.problem;
  const keyed = deciders.flatMap((decider, state) => {
    return decider ? [{ decider, state, key: (states[state] as ProblemState).key }] : [];
  });
  return {
    nodes: Object.fromEntries(keyed.map(({ key, decider }) => [key, decider])),
    points: pruned.points.map(({ lambda, thresholds }, index): OperatingPoint => {
      const { cost, loss } = outcomes[index] as PointOutcome;
      const settings = keyed.map(({ key, decider, state }) => {
        return [key, settingOf(decider, thresholds[state] as readonly number[])];
      });
      return {
        id: `p${String(index).padStart(2, "0")}`,
        nodes: Object.fromEntries(settings),
        lambda,
        expected: { cost: sum(cost) / cost.length, loss: sum(loss) / loss.length },
      };
    }),
  };
}

function settingOf(decider: Decider, thresholds: readonly number[]): Thresholds {
  const { sign, ordered } = viewDecider(decider);
  let least = TAKE_NONE;
  return {
    thresholds: thresholds.map((threshold) => {
      // What reaches an earlier threshold of the same score is gone already.
      least = ordered ? Math.min(least, threshold) : threshold;
      return sign * least;
    }),
  };
}
