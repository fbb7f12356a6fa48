import { checkDelta } from "./binomial.ts";
import { seededRandom, shuffle } from "./random.ts";

/** Options of {@linkcode upperBoundWsr}. */
export interface WsrOptions {
  /**
   * What no value can be below, known before the values are.
   *
   * @default -1
   */
  readonly low?: number | undefined;
  /**
   * What no value can be above, known before the values are.
   *
   * @default 1
   */
  readonly high?: number | undefined;
  /**
   * Fixes the order in which the values are bet on; never to be chosen by its result.
   *
   * @default 0
   */
  readonly seed?: number | undefined;
}

/** Largest share of the capital that one bet may lose: c of the paper, within [1/2, 3/4]. */
const STAKE = 0.75;
/** How finely the bound is computed, of the values' range. */
const RESOLUTION = 1e-6;

/**
 * Upper confidence bound of the mean of bounded values, by betting against every mean above it
 * (Waudby-Smith and Ramdas 2023, §4: predictable plug-in bets; the one-sided form is that of Bates et
 * al. 2021, Proposition 5). With values X scaled to [0, 1], the capital of the bet against a mean m,
 *
 *     K_t(m) = Π_{i≤t} (1 − λ_i (X_i − m)),  λ_t = min(√(2 ln(1/δ) / (n σ̂²_{t−1})), c / (1 − m)),
 *
 * starts at 1 and is a supermartingale where the mean is m or more, so that it reaches 1/δ with a
 * chance of at most δ. It grows with m: the bound is the smallest m whose capital gets there, and no
 * less than the observed mean.
 *
 * @param values Values of examples drawn independently, within [low, high], one or more.
 * @param delta Chance that the bound is below the mean, (0, 0.5].
 * @param options See {@linkcode WsrOptions}.
 * @returns The bound, [low, high].
 * @throws {RangeError} If a value or a number is out of its range.
 *
 * @example A mean cost
 * ```ts
 * import { upperBoundWsr } from "./wsr.ts";
 * import { assert } from "@std/assert";
 *
 * const costs = Float64Array.from({ length: 1000 }, (_, row) => row % 4 === 0 ? 5 : 1);
 * const bound = upperBoundWsr(costs, 0.05, { low: 1, high: 5 });
 * assert(bound > 2 && bound < 2.2);
 * ```
 */
export function upperBoundWsr(
  values: Float64Array,
  delta: number,
  { low = -1, high = 1, seed = 0 }: WsrOptions = {},
): number {
  checkDelta(delta);
  if (values.length === 0) throw new RangeError("Cannot bound mean: expected one value or more");
  if (!(low <= high)) {
    throw new RangeError(`Cannot bound mean: expected ${low} to ${high} ascending`);
  }
  const row = values.findIndex((value) => !(value >= low && value <= high));
  if (row >= 0) {
    throw new RangeError(
      `Cannot bound mean: expected values from ${low} to ${high}, got ${values[row]} at ${row}`,
    );
  }
  if (low === high) return high;
  const order = shuffle(Int32Array.from(values.keys()), seededRandom(seed));
  const scaled = Float64Array.from(
    order,
    (index) => ((values[index] as number) - low) / (high - low),
  );
  const bets = plugInBets(scaled, delta);

  let below = 0;
  let above = 1;
  while (above - below > RESOLUTION) {
    const middle = (above + below) / 2;
    if (isRefuted(middle, scaled, bets, delta)) above = middle;
    else below = middle;
  }
  const mean = scaled.reduce((sum, value) => sum + value) / scaled.length;
  return low + Math.max(above, mean) * (high - low);
}

/** λ_t before it is cut: what would grow the capital most were the variance σ̂²_{t−1}. */
function plugInBets(scaled: Float64Array, delta: number): Float64Array {
  const numerator = (2 * Math.log(1 / delta)) / scaled.length;
  let sum = 1 / 2;
  let squares = 1 / 4;
  return scaled.map((value, index) => {
    const bet = Math.sqrt((numerator * (index + 1)) / squares);
    sum += value;
    squares += (value - sum / (index + 2)) ** 2;
    return bet;
  });
}

/** Whether the capital of the bet against this mean ever reaches 1/δ. */
function isRefuted(
  mean: number,
  scaled: Float64Array,
  bets: Float64Array,
  delta: number,
): boolean {
  const limit = STAKE / (1 - mean);
  let capital = delta;
  for (let index = 0; index < scaled.length; index++) {
    const bet = Math.min(bets[index] as number, limit);
    capital *= 1 - bet * ((scaled[index] as number) - mean);
    if (capital >= 1) return true;
  }
  return false;
}
