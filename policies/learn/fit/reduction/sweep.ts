import type { DecisionProblem } from "./problem.ts";
import { follow } from "./reduce.ts";
import { interpolatePoints } from "./refine.ts";
import { neverExit, sum, type SweepPoint, type Tuner } from "./tune.ts";

/** Number of prices between the extremes. */
const STEPS = 48;

/**
 * Prices that are worth trying on a pair: from 0, where the policy exits at once, to more than any
 * saving is worth.
 *
 * @param problem The problem, for its costs.
 * @returns Milliseconds per unit of loss, descending.
 */
export function defaultLambdas({ states, count }: DecisionProblem): number[] {
  const costs = states.map(({ cost }) => cost).filter((cost) => cost > 0);
  const least = Math.min(...costs) / 2;
  const largest = costs.reduce((total, cost) => total + cost, 0);
  const low = Math.log(least);
  const high = Math.log(1000 * largest);
  const steps = Array.from({ length: STEPS }, (_, step) => {
    return Number(Math.exp(high + (low - high) * step / (STEPS - 1)).toPrecision(4));
  });
  return [Number((10 * count * largest).toPrecision(4)), ...steps, 0];
}

/**
 * Tunes a family over prices, safest first.
 *
 * @param tuner The decision problem and its scores.
 * @param lambdas Prices, in any order.
 * @returns Points of falling cost on the tuner's rows: the first never exits early, the others are
 * optimal for a price. What does nothing new is left out.
 */
export function sweepFamily(tuner: Tuner, lambdas: readonly number[]): SweepPoint[] {
  const prices = [...new Set(lambdas)].sort((a, b) => b - a);
  const points: SweepPoint[] = [{
    lambda: prices[0] as number,
    thresholds: neverExit(tuner.problem),
  }];
  for (const lambda of prices) {
    // A pass from the bottom up can get stuck where one from the neighbour does not.
    const fresh = tuner.tune(lambda);
    const warm = tuner.tune(lambda, points.at(-1)?.thresholds);
    const { thresholds } = sum(warm.value) < sum(fresh.value) ? warm : fresh;
    points.push({ lambda, thresholds });
  }
  const costs = points.map((point) => costOf(tuner, point));
  return points.filter((_, index) =>
    costs.slice(0, index).every((cost) => less(costs[index]!, cost))
  );
}

/**
 * Adds points between those of a family.
 *
 * @param tuner The decision problem and its scores.
 * @param points Points of falling cost.
 * @returns The points and those between them, of falling cost.
 */
export function fillFamily(tuner: Tuner, points: readonly SweepPoint[]): SweepPoint[] {
  const filled: SweepPoint[] = [];
  const sorted = tuner.scores.map((stages) => stages.map((scores) => scores.toSorted()));
  let least = Infinity;
  points.forEach((point, index) => {
    const next = points[index + 1];
    const floor = next ? costOf(tuner, next) : 0;
    filled.push(point);
    least = costOf(tuner, point);
    for (const between of next ? interpolatePoints(point, next, sorted) : []) {
      const cost = costOf(tuner, between);
      if (!less(cost, least) || !less(floor, cost)) continue;
      filled.push(between);
      least = cost;
    }
  });
  return filled;
}

function costOf({ problem, apply }: Tuner, { lambda, thresholds }: SweepPoint): number {
  return sum(follow(problem, apply(lambda, thresholds).taken).cost);
}

/** Whether a sum of costs is less than another by more than rounding. */
function less(a: number, b: number): boolean {
  return a < b * (1 - 1e-9);
}
