import { betaQuantile } from "./distributions.ts";

/**
 * Upper confidence bound of a rate (Clopper and Pearson 1934): the largest rate at which as few
 * errors as these have a chance of at least `delta`. Exact for examples drawn independently.
 *
 * @param errors Number of errors, 0 to n.
 * @param n Number of examples, 1 or more.
 * @param delta Chance that the bound is below the rate, (0, 0.5].
 * @returns The bound, (0, 1].
 * @throws {RangeError} If a number is out of its range.
 *
 * @example Four errors in a thousand prove less than 1%
 * ```ts
 * import { upperBoundBinomial } from "./binomial.ts";
 * import { assert } from "@std/assert";
 *
 * assert(upperBoundBinomial(4, 1000, 0.05) < 0.01);
 * assert(upperBoundBinomial(5, 1000, 0.05) > 0.01);
 * ```
 */
export function upperBoundBinomial(errors: number, n: number, delta: number): number {
  checkDelta(delta);
  if (!Number.isInteger(n) || n < 1) {
    throw new RangeError(`Cannot bound rate: expected one example or more, got ${n}`);
  }
  if (!Number.isInteger(errors) || errors < 0 || errors > n) {
    throw new RangeError(`Cannot bound rate: expected 0 to ${n} errors, got ${errors}`);
  }
  return errors === n ? 1 : betaQuantile(1 - delta, errors + 1, n - errors);
}

/**
 * How many examples a proof takes at least: with fewer, not even a policy without any error passes.
 *
 * @param alpha The largest rate of errors that is allowed, (0, 1).
 * @param delta Chance that the proof is wrong, (0, 0.5].
 * @returns The number of examples.
 *
 * @example
 * ```ts
 * import { examplesNeeded } from "./binomial.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(examplesNeeded(0.01, 0.05), 299);
 * ```
 */
export function examplesNeeded(alpha: number, delta: number): number {
  // (1 − α)ⁿ ≤ δ
  return Math.ceil(Math.log(delta) / Math.log1p(-alpha));
}

/**
 * Refuses a chance of error that no bound of this folder is made for.
 *
 * @param delta The chance.
 * @throws {RangeError} If it is not within (0, 0.5].
 */
export function checkDelta(delta: number): void {
  if (delta > 0 && delta <= 0.5) return;
  throw new RangeError(`Cannot compute bound: expected delta above 0, at most 0.5, got ${delta}`);
}
