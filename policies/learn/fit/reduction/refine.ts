import { TAKE_ALL, TAKE_NONE } from "./offsets.ts";
import type { ByStage } from "./reduce.ts";
import type { SweepPoint } from "./tune.ts";

/** Shares of the way between two neighbours at which points are added. */
const STEPS = [0.25, 0.5, 0.75];

/**
 * Finds points between two neighbours of a family: only corners of the convex hull are optimal for a
 * price, and what lies between them serves those who ask for a given loss. Thresholds move in
 * ranks, so that equal steps let equally many rows exit.
 *
 * @param from The safer point.
 * @param to The faster point.
 * @param sorted Scores by stage, ascending.
 * @returns The points between, safer ones first.
 */
export function interpolatePoints(
  from: SweepPoint,
  to: SweepPoint,
  sorted: ByStage<Float64Array>,
): SweepPoint[] {
  return STEPS.map((share) => ({
    lambda: interpolateLambda(from.lambda, to.lambda, share),
    thresholds: from.thresholds.map((stages, state) =>
      stages.map((threshold, position) => {
        const end = to.thresholds[state]![position] as number;
        return interpolate(sorted[state]![position] as Float64Array, threshold, end, share);
      })
    ),
  }));
}

/** Geometric where both are prices; towards 0 by halves. */
function interpolateLambda(from: number, to: number, share: number): number {
  const value = to > 0 ? from * (to / from) ** share : from * (1 - share);
  return Number(value.toPrecision(4));
}

/** A threshold that a share of the rows between two thresholds reaches. */
function interpolate(sorted: Float64Array, from: number, to: number, share: number): number {
  if (from === to || sorted.length === 0) return from;
  const start = countBelow(sorted, from);
  const end = countBelow(sorted, to);
  const rank = Math.round(start + (end - start) * share);
  if (rank <= 0) return TAKE_ALL;
  if (rank >= sorted.length) return TAKE_NONE;
  const low = sorted[rank - 1]!;
  const high = sorted[rank]!;
  const middle = low + (high - low) / 2;
  return middle > low ? middle : high;
}

/** How many values a threshold keeps out. */
function countBelow(sorted: Float64Array, threshold: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < threshold) low = middle + 1;
    else high = middle;
  }
  return low;
}
