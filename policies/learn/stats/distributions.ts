import jstat from "jstat";

/** What is used of jstat, which comes without types. */
interface Library {
  ibeta(x: number, a: number, b: number): number;
  gammaln(x: number): number;
  readonly beta: { inv(p: number, a: number, b: number): number };
  readonly normal: { inv(p: number, mean: number, deviation: number): number };
}

const library: Library = jstat;

/**
 * Quantile of the beta distribution.
 *
 * @param p Probability below it, (0, 1).
 * @param a First shape, > 0.
 * @param b Second shape, > 0.
 * @returns The quantile; within 1e-7 of scipy's, relatively, for integer shapes up to a million and
 * p ≥ 0.9.
 */
export function betaQuantile(p: number, a: number, b: number): number {
  return library.beta.inv(p, a, b);
}

/**
 * Quantile of the standard normal distribution.
 *
 * @param p Probability below it, (0, 1).
 * @returns The quantile.
 */
export function normalQuantile(p: number): number {
  return library.normal.inv(p, 0, 1);
}

/**
 * Distribution function of the binomial distribution: P(X ≤ k).
 *
 * @param k Any integer.
 * @param n Number of trials.
 * @param p Chance of each, [0, 1].
 * @returns The probability.
 */
export function binomialCdf(k: number, n: number, p: number): number {
  if (k < 0) return 0;
  if (k >= n || p <= 0) return 1;
  if (p >= 1) return 0;
  return library.ibeta(1 - p, n - k, k + 1);
}

/**
 * Probability function of the binomial distribution: P(X = k).
 *
 * @param k Integer, 0 to n.
 * @param n Number of trials.
 * @param p Chance of each, (0, 1).
 * @returns The probability.
 */
export function binomialPmf(k: number, n: number, p: number): number {
  const { gammaln } = library;
  const ways = gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1);
  return Math.exp(ways + k * Math.log(p) + (n - k) * Math.log1p(-p));
}
