import { INTERVAL_BETS, logCapital, logFactors } from "./bets.ts";
import { checkCounts, checkDelta, checkValues, ZERO_ONE } from "./support.ts";

/** An interval at the present time. */
export interface Interval {
  /** Its lower end, in the unit of the values. */
  readonly lower: number;
  /** Its upper end. */
  readonly upper: number;
}

/** How finely the ends are computed, of the values' range. */
const RESOLUTION = 1e-9;

/**
 * Interval of the mean of what is observed, at the present time, of a confidence sequence: over all
 * times together, with a chance of at most `delta` any of its intervals misses the mean. One may look
 * at every time, stop when one likes and look again.
 *
 * It is the means against which betting has not yet made 2/δ out of 1, on either side (hedged betting
 * of Waudby-Smith and Ramdas 2024, JRSS B 86, arXiv 2010.09686, with a mixture of fixed bets). Capital
 * starts at 1 and is not expected to grow where the mean is the true one, so that it ever reaches 2/δ
 * with a chance of at most δ/2 (Ville 1939). That holds where every observation has the same mean given
 * those before, as independent observations of one traffic do.
 *
 * @param counts How often each value was observed.
 * @param delta Chance that the mean is ever missed, (0, 0.5].
 * @param values What can be observed, ascending.
 * @returns The interval, which has the observed mean in it; the whole range of the values where
 * nothing was observed.
 * @throws {RangeError} If a number is out of its range.
 *
 * @example Twelve disagreements in a thousand
 * ```ts
 * import { confidenceInterval } from "./confidence_sequence.ts";
 * import { assert } from "@std/assert";
 *
 * const { lower, upper } = confidenceInterval([988, 12], 0.05);
 * assert(lower > 0.003 && upper < 0.028);
 * ```
 */
export function confidenceInterval(
  counts: readonly number[],
  delta: number,
  values: readonly number[] = ZERO_ONE,
): Interval {
  checkDelta(delta);
  return {
    lower: lowerLimit(counts, delta / 2, values),
    upper: upperLimit(counts, delta / 2, values),
  };
}

/**
 * Lower confidence limit of the mean at the present time; see {@linkcode confidenceInterval}.
 *
 * @param counts How often each value was observed.
 * @param delta Chance that the limit is above the mean at any time, (0, 0.5].
 * @param values What can be observed, ascending.
 * @returns The limit, from the lowest value to the observed mean.
 * @throws {RangeError} If a number is out of its range.
 */
export function lowerLimit(
  counts: readonly number[],
  delta: number,
  values: readonly number[] = ZERO_ONE,
): number {
  checkDelta(delta);
  checkValues(values);
  checkCounts(counts, values);
  const low = values[0] as number;
  const range = values.at(-1) as number - low;
  const n = counts.reduce((sum, count) => sum + count);
  if (n === 0) return low;
  const needed = Math.log(1 / delta);
  const isRefuted = (mean: number) =>
    logCapital(counts, logFactors(values, mean, INTERVAL_BETS), INTERVAL_BETS) >= needed;

  let refuted = low;
  // At the observed mean no bet has won: log is concave.
  let open = counts.reduce((sum, count, index) => sum + count * (values[index] as number), 0) / n;
  while (open - refuted > RESOLUTION * range) {
    const middle = (open + refuted) / 2;
    if (isRefuted(middle)) refuted = middle;
    else open = middle;
  }
  return refuted;
}

/**
 * Upper confidence limit of the mean at the present time; see {@linkcode confidenceInterval}.
 *
 * @param counts How often each value was observed.
 * @param delta Chance that the limit is below the mean at any time, (0, 0.5].
 * @param values What can be observed, ascending.
 * @returns The limit, from the observed mean to the highest value.
 * @throws {RangeError} If a number is out of its range.
 */
export function upperLimit(
  counts: readonly number[],
  delta: number,
  values: readonly number[] = ZERO_ONE,
): number {
  const mirrored = values.map((value) => -value).reverse();
  return -lowerLimit(counts.toReversed(), delta, mirrored);
}
