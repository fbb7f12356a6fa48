import { checkDelta, upperBoundBinomial } from "./binomial.ts";
import { binomialCdf, binomialPmf, normalQuantile } from "./distributions.ts";

/** What examples of −1, 0 and 1 come to. */
export interface SignedCounts {
  /** How many are 1: wrong where the full model is right. */
  readonly worse: number;
  /** How many are −1: right where the full model is wrong. */
  readonly better: number;
  /** Number of examples, 1 or more. */
  readonly n: number;
}

/** Share of δ that pays for looking only at plausible shares of discordant examples. */
const NUISANCE_SHARE = 0.01;
/** Points of the search for the worst share of discordant examples. */
const GRID = 24;
/** Of one example: how finely the bound is computed, and what is added for the grid's gaps. */
const RESOLUTION = 0.01;
/** Counts whose chance is below this share of δ are left out. */
const NEGLIGIBLE = 1e-7;

/**
 * Upper confidence bound of the mean of values −1, 0 and 1: the exact unconditional test of paired
 * answers for non-inferiority (Hsueh, Liu and Chen 2001, Biometrics 57), inverted.
 *
 * With D examples other than 0 and the sum S, outcomes are ordered by
 * `T = S + z·√(D + z²/2) + (z² + 2)/3 · S / (D + 2)`, z the normal quantile of 1 − δ. T never falls
 * when a value rises, so that `P(T ≤ t)` falls with the mean θ at any share d of values other than 0,
 * and the bound is the θ at which it comes to δ (Buehler 1957) for the worst d. That is sought within a
 * two-sided confidence interval of d only, which costs 1% of δ (Berger and Boos 1994).
 *
 * @param counts The examples, drawn independently; see {@linkcode SignedCounts}.
 * @param delta Chance that the bound is below the mean, (0, 0.5].
 * @returns The bound, (−1, 1].
 * @throws {RangeError} If a number is out of its range.
 *
 * @example Errors made up for
 * ```ts
 * import { upperBoundTrinomial } from "./trinomial.ts";
 * import { assert } from "@std/assert";
 *
 * assert(upperBoundTrinomial({ worse: 20, better: 20, n: 2000 }, 0.05) < 0.01);
 * ```
 */
export function upperBoundTrinomial(counts: SignedCounts, delta: number): number {
  checkDelta(delta);
  const { worse, better, n } = counts;
  if (![worse, better, n].every((count) => Number.isInteger(count) && count >= 0)) {
    throw new RangeError(`Cannot bound mean: expected counts, got ${JSON.stringify(counts)}`);
  }
  if (n < 1 || worse + better > n) {
    throw new RangeError(
      `Cannot bound mean: expected ${worse + better} examples or more, at least one, got ${n}`,
    );
  }
  const limits = criticalValues(counts, delta);
  const [least, most] = discordantShares(counts, NUISANCE_SHARE * delta);
  const level = (1 - NUISANCE_SHARE) * delta;
  let worst = 0;
  const isPlausible = (mean: number) => {
    const low = Math.max(least, Math.abs(mean));
    // What was worst for one mean is likely worst for the next.
    for (let tried = 0; tried <= GRID && low <= most; tried++) {
      const step = (worst + tried) % (GRID + 1);
      const share = low + ((most - low) * step) / GRID;
      if (share === 0 || tail({ n, mean, share }, limits, NEGLIGIBLE * delta) <= level) continue;
      worst = step;
      return true;
    }
    return false;
  };

  let below = (worse - better) / n;
  let above = 1;
  // Doubling first: the bound is often within a few examples of the mean.
  for (let width = 4 / n; below + width < 1; width *= 2) {
    if (!isPlausible(below + width)) {
      above = below + width;
      break;
    }
    below += width;
  }
  while ((above - below) * n > RESOLUTION) {
    const middle = (above + below) / 2;
    if (isPlausible(middle)) below = middle;
    else above = middle;
  }
  return Math.min(1, above + RESOLUTION / n);
}

/** For D discordant examples, the most of them that may be 1 where T is no more than observed. */
function criticalValues(
  { worse, better }: SignedCounts,
  delta: number,
): (discordant: number) => number {
  const z = normalQuantile(1 - delta);
  const spread = (discordant: number) => z * Math.sqrt(discordant + (z * z) / 2);
  const slope = (discordant: number) => 1 + (z * z + 2) / (3 * (discordant + 2));
  const observed = (worse - better) * slope(worse + better) + spread(worse + better);
  return (discordant) => {
    const sum = (observed - spread(discordant)) / slope(discordant);
    return Math.floor((sum + discordant) / 2 + 1e-9);
  };
}

/** Two-sided interval of the share of discordant examples. */
function discordantShares({ worse, better, n }: SignedCounts, delta: number): [number, number] {
  const discordant = worse + better;
  const least = 1 - upperBoundBinomial(n - discordant, n, delta / 2);
  return [least, upperBoundBinomial(discordant, n, delta / 2)];
}

/** What examples of −1, 0 and 1 are drawn from. */
interface SignedDraw {
  /** Number of examples. */
  readonly n: number;
  /** Mean of the values, |mean| ≤ share. */
  readonly mean: number;
  /** Share of values other than 0, (0, 1]. */
  readonly share: number;
}

/** P(T ≤ t), without the counts of discordant examples whose chance is negligible. */
function tail(
  { n, mean, share }: SignedDraw,
  limits: (discordant: number) => number,
  negligible: number,
): number {
  const worseShare = (share + mean) / (2 * share);
  const given = (discordant: number) => binomialCdf(limits(discordant), discordant, worseShare);
  if (share >= 1) return given(n);
  const mode = Math.min(n, Math.floor((n + 1) * share));
  const odds = share / (1 - share);
  const atMode = binomialPmf(mode, n, share);
  let sum = 0;
  let chance = atMode;
  for (let count = mode; count >= 0 && chance > negligible; count--) {
    sum += chance * given(count);
    chance *= count / ((n - count + 1) * odds);
  }
  chance = atMode;
  for (let count = mode; count < n; count++) {
    chance *= ((n - count) * odds) / (count + 1);
    if (chance <= negligible) break;
    sum += chance * given(count + 1);
  }
  return sum;
}
