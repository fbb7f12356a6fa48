import { findThreshold, orderByScore, reaching, TAKE_ALL, TAKE_NONE } from "./offsets.ts";
import { type DecisionProblem, EXIT, type ProblemState } from "./problem.ts";
import { type ByStage, follow, reduce, type Reduced } from "./reduce.ts";

/** Thresholds of all stages and what they do. */
export interface Tuned extends Reduced {
  /** By stage. */
  readonly thresholds: ByStage<number>;
}

/** One member of a family. */
export interface SweepPoint {
  /** Price of one unit of loss, milliseconds. */
  readonly lambda: number;
  /** By stage. */
  readonly thresholds: ByStage<number>;
}

/** A problem with a score per stage and row, ready for many prices. */
export interface Tuner {
  /** The problem. */
  readonly problem: DecisionProblem;
  /** By stage, per row. */
  readonly scores: ByStage<Float64Array>;
  /** Applies thresholds. */
  apply(lambda: number, thresholds: ByStage<number>): Tuned;
  /** Finds thresholds of low cost + λ · loss, from given ones or from the bottom up. */
  tune(lambda: number, from?: ByStage<number>): Tuned;
}

/** Passes over all stages; they end sooner when nothing changes. */
const MAX_PASSES = 20;

/**
 * Prepares the joint tuning of thresholds: every stage's is the exact optimum given the others, in
 * passes over the stages until nothing changes. The first pass, bottom-up, is the paper's. Where a
 * pass over all stages does not pay, the one that gains most alone is changed.
 *
 * @param problem The problem.
 * @param scores Of every stage, per row; out of fold where they were learned.
 * @returns The tuner.
 */
export function compileTuner(problem: DecisionProblem, scores: ByStage<Float64Array>): Tuner {
  const orders = scores.map((stages) => stages.map(orderByScore));
  const stages: ScoredStages = { problem, scores, orders };
  const apply = (lambda: number, thresholds: ByStage<number>): Tuned => ({
    ...reduce(problem, lambda, ({ state, position }) => {
      return reaching(
        scores[state]?.[position] as Float64Array,
        thresholds[state]?.[position] as number,
      );
    }),
    thresholds,
  });
  return {
    problem,
    scores,
    apply,
    tune(lambda, from) {
      let best = from ? apply(lambda, from) : passOver(stages, lambda);
      for (let count = 0; count < MAX_PASSES; count++) {
        let next = passOver(stages, lambda, best);
        if (!isBetter(next, best)) next = apply(lambda, changeOne(stages, lambda, best));
        if (!isBetter(next, best)) break;
        best = next;
      }
      return best;
    },
  };
}

interface ScoredStages extends Pick<Tuner, "problem" | "scores"> {
  /** By stage, rows as {@linkcode orderByScore} gives them. */
  readonly orders: ByStage<Int32Array>;
}

/** Finds the threshold of every stage once, from the bottom up, on the rows that came to it before. */
function passOver(
  { problem, scores, orders }: ScoredStages,
  lambda: number,
  before?: Tuned,
): Tuned {
  const counts = before && follow(problem, before.taken).reached;
  const thresholds: number[][] = problem.states.map(() => []);
  const reduced = reduce(problem, lambda, ({ state, position }, difference) => {
    const own = scores[state]?.[position] as Float64Array;
    const order = orders[state]?.[position] as Int32Array;
    const came = counts?.[state]?.[position];
    // Where nobody comes there is nothing to learn from.
    const kept = came?.includes(1) === false ? before?.thresholds[state]?.[position] : undefined;
    const threshold = kept ?? findThreshold(own, order, difference, came).threshold;
    (thresholds[state] as number[])[position] = threshold;
    return reaching(own, threshold);
  });
  return { ...reduced, thresholds };
}

/** Changes the threshold of the one stage that gains most when all others stay. */
function changeOne(
  { problem, scores, orders }: ScoredStages,
  lambda: number,
  before: Tuned,
): ByStage<number> {
  const counts = follow(problem, before.taken).reached;
  const changed = before.thresholds.map((stages) => [...stages]);
  let most = 0;
  let change = () => {};
  reduce(problem, lambda, ({ state, position }, difference) => {
    const own = scores[state]?.[position] as Float64Array;
    const order = orders[state]?.[position] as Int32Array;
    const came = counts[state]?.[position] as Uint8Array;
    const taken = before.taken[state]?.[position] as Uint8Array;
    const { threshold, total } = findThreshold(own, order, difference, came);
    const gain = sum(difference.filter((_, row) => came[row] && taken[row])) - total;
    if (gain > most) {
      most = gain;
      change = () => (changed[state] as number[])[position] = threshold;
    }
    return taken;
  });
  change();
  return changed;
}

function isBetter(next: Tuned, before: Tuned): boolean {
  return sum(next.value) < sum(before.value);
}

/**
 * The policy that never exits early: along the cheapest path to the full model.
 *
 * @param problem The problem.
 * @returns Its thresholds.
 */
export function neverExit(problem: DecisionProblem): ByStage<number> {
  const { states } = problem;
  // Least cost from each state to the end, deepest first.
  const ahead: number[] = [];
  for (let state = states.length - 1; state >= 0; state--) {
    const costs = costsOf(states[state] as ProblemState);
    ahead[state] = costs.length === 0 ? 0 : Math.min(...costs);
  }
  return states.map((state) => {
    const costs = costsOf(state);
    const way = costs.indexOf(Math.min(...costs)) + state.actions.indexOf(EXIT) + 1;
    return state.actions.slice(1).map((_, position) => position < way ? TAKE_NONE : TAKE_ALL);
  });

  function costsOf({ actions }: ProblemState): number[] {
    return actions.filter((action) => action !== EXIT).map((action) => {
      return (states[action] as ProblemState).cost + (ahead[action] as number);
    });
  }
}

/**
 * Sums an array from its first element to its last.
 *
 * @param values The numbers.
 * @returns Their sum; 0 of none.
 */
export function sum(values: Float64Array): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
