/** A way to bet that stays the same for all time. */
export interface Bet {
  /** Share of the capital that is at stake each time, (0, 1]. */
  readonly stake: number;
  /** Share of the first capital that is bet so; those of a list sum to 1. */
  readonly weight: number;
}

/**
 * Bets for intervals, of stakes 1, 1/2, 1/4 … 2⁻²⁰: some stake is about right for a rate of any size
 * after any number of observations up to many millions. The larger ones, right when little has been
 * observed, weigh more; at 10⁶ observations that is still no loss against equal weights.
 */
export const INTERVAL_BETS: readonly Bet[] = halvingBets(0, 20, (index) => 1 / (index + 2));

/** Bets for alarms, of stakes 1/2 … 2⁻¹⁴: for limits down to a few in ten thousand. */
export const ALARM_BETS: readonly Bet[] = halvingBets(1, 14, () => 1);

function halvingBets(first: number, last: number, weightOf: (index: number) => number): Bet[] {
  const weights = Array.from({ length: last - first + 1 }, (_, index) => weightOf(index));
  const sum = weights.reduce((total, weight) => total + weight);
  return weights.map((weight, index) => ({ stake: 2 ** -(first + index), weight: weight / sum }));
}

/**
 * What one observation does to the capital of each bet that the mean is above `mean`. The stake θ
 * grows by `(x − low) / (mean − low)`, which is 1 on average if the mean is `mean`; the rest is kept:
 *
 *     K ← K · (1 + λ (x − mean)),  λ = θ / (mean − low)
 *
 * so that capital is a martingale at that mean and a supermartingale below it (Waudby-Smith and Ramdas
 * 2024, "Estimating means of bounded random variables by betting", JRSS B 86, arXiv 2010.09686). With
 * the stake held fixed, and not λ, capital falls as `mean` rises, whatever was observed.
 *
 * @param values What can be observed, ascending; `low` is the first.
 * @param mean The mean that is bet against, above `low`.
 * @param bets The bets.
 * @returns For each value the logarithm of the factor for each bet.
 */
export function logFactors(
  values: readonly number[],
  mean: number,
  bets: readonly Bet[],
): number[][] {
  const low = values[0] as number;
  return values.map((value) => {
    const gain = (value - mean) / (mean - low);
    return bets.map(({ stake }) => Math.log1p(stake * gain));
  });
}

/**
 * Logarithm of the capital after observations in any order, of 1 to begin with: bets that do not
 * change know counts only.
 *
 * @param counts How often each value was observed.
 * @param factors Of {@linkcode logFactors}, for the same values and bets.
 * @param bets The bets.
 * @returns The natural logarithm; −∞ where all is lost.
 */
export function logCapital(
  counts: readonly number[],
  factors: readonly (readonly number[])[],
  bets: readonly Bet[],
): number {
  const logs = bets.map(({ weight }) => Math.log(weight));
  let largest = -Infinity;
  for (let bet = 0; bet < logs.length; bet++) {
    for (let index = 0; index < counts.length; index++) {
      const count = counts[index] as number;
      // 0 · −∞ would be NaN.
      if (count > 0) logs[bet]! += count * factors[index]![bet]!;
    }
    largest = Math.max(largest, logs[bet] as number);
  }
  if (largest === -Infinity) return largest;
  return largest + Math.log(logs.reduce((sum, log) => sum + Math.exp(log - largest), 0));
}
