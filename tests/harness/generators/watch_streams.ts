import type { Random } from "../../../policies/learn/stats/mod.ts";
import {
  Alarm,
  type AlarmOptions,
  INTERVAL_BETS,
  logCapital,
  logFactors,
} from "../../../policies/watch/mod.ts";

/** A distribution of observations. */
export interface Distribution {
  /** What can be observed, ascending. */
  readonly values: readonly number[];
  /** The chance of each; their sum is 1. */
  readonly chances: readonly number[];
}

/** Observations of 1 with a chance of `rate`, of 0 else. */
export function bernoulli(rate: number): Distribution {
  return { values: [0, 1], chances: [1 - rate, rate] };
}

/** Mean of a distribution. */
export function meanOf({ values, chances }: Distribution): number {
  return values.reduce((sum, value, index) => sum + value * (chances[index] as number), 0);
}

/** Draws the index of a bin. */
export function drawBin(chances: readonly number[], random: Random): number {
  let left = random.uniform();
  // What rounding leaves goes to the last bin.
  for (let bin = 0; bin < chances.length - 1; bin++) {
    left -= chances[bin]!;
    if (left < 0) return bin;
  }
  return chances.length - 1;
}

/** Draws so many observations and counts them by bin. */
export function drawCounts(n: number, chances: readonly number[], random: Random): number[] {
  const counts = chances.map(() => 0);
  for (let drawn = 0; drawn < n; drawn++) counts[drawBin(chances, random)]!++;
  return counts;
}

/** When an alarm fires on a stream whose distribution changes. */
export function timeOfAlarm(
  options: AlarmOptions,
  { before, after, change, n }: {
    readonly before: Distribution;
    readonly after: Distribution;
    /** Observations before the change. */
    readonly change: number;
    /** Observations in all. */
    readonly n: number;
  },
  random: Random,
): number | null {
  const alarm = new Alarm({ ...options, values: before.values });
  for (let time = 1; time <= n; time++) {
    const { values, chances } = time <= change ? before : after;
    if (alarm.observe(values[drawBin(chances, random)] as number)) return time;
  }
  return null;
}

/**
 * Whether the intervals of a confidence sequence ever miss the mean, at any of the first n times.
 *
 * While the commonest value repeats, the logarithm of capital is a convex function of time, largest at
 * an end; so it is enough to look right before and after every other value.
 *
 * @returns Whether the lower end was ever above the mean, or the upper end below it.
 */
export function everMisses(
  distribution: Distribution,
  n: number,
  delta: number,
  random: Random,
): boolean {
  const { values, chances } = distribution;
  const mean = meanOf(distribution);
  const lower = logFactors(values, mean, INTERVAL_BETS);
  const mirrored = values.map((value) => -value).reverse();
  const upper = logFactors(mirrored, -mean, INTERVAL_BETS).reverse();
  const needed = Math.log(2 / delta);
  const counts = values.map(() => 0);
  const misses = () =>
    logCapital(counts, lower, INTERVAL_BETS) >= needed ||
    logCapital(counts, upper, INTERVAL_BETS) >= needed;

  const commonest = chances.indexOf(Math.max(...chances));
  const others = chances.map((chance, index) => index === commonest ? 0 : chance);
  const rest = others.reduce((sum, chance) => sum + chance);
  const given = others.map((chance) => chance / rest);
  for (let time = 0; time < n;) {
    // How long the commonest value repeats is geometric.
    const run = Math.floor(Math.log(1 - random.uniform()) / Math.log1p(-rest));
    counts[commonest]! += Math.min(run, n - time);
    time += run + 1;
    if (misses()) return true;
    if (time > n) return false;
    counts[drawBin(given, random)]!++;
    if (misses()) return true;
  }
  return false;
}
