import type { Certificate } from "../../document.ts";
import { LOSSES } from "../../losses.ts";
import { upperBoundBinomial } from "../stats/binomial.ts";
import { countPassing } from "../stats/sequence.ts";
import { upperBoundTrinomial } from "../stats/trinomial.ts";
import type { LossKind } from "../trace/types.ts";

/** Options of {@linkcode certify}. */
export interface CertifyOptions {
  /** Mean losses to be proved, m different ones. Chosen before the data were seen. */
  readonly alphas: readonly number[];
  /** Chance that any certificate is wrong, (0, 0.5]. Each of the m levels is tested at delta / m. */
  readonly delta: number;
  /**
   * Says which data these are.
   *
   * @default "calibration"
   */
  readonly split?: string | undefined;
}

/** A test of the mean of a loss. */
interface RiskBound extends Pick<Certificate, "risk" | "bound" | "method" | "n"> {}

/**
 * Certifies a family of settings on held-out data by fixed-sequence testing (see
 * {@linkcode countPassing}). The data must be held out from everything else. With a chance of at least
 * 1 − delta over the draw of the data, the mean loss of every setting stays within the level of every
 * certificate that it gets.
 *
 * @param losses Loss per example for each setting, from the safest to the fastest; an order fixed
 * without these data. Arrays of one length n.
 * @param kind The loss, which decides on the bound: exact binomial for losses of 0 and 1, exact
 * trinomial for signed ones.
 * @param options See {@linkcode CertifyOptions}.
 * @returns For each setting a certificate for each level that it passes, levels in the order given;
 * empty where it passes none.
 * @throws {RangeError} If there is no example or no level, lengths differ, a loss is not of its kind
 * or a number is out of its range.
 *
 * @example
 * ```ts
 * import { certify } from "./certify.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const errors = (count: number) => Float64Array.from({ length: 1000 }, (_, row) => +(row < count));
 * const proofs = certify([errors(0), errors(4), errors(5)], "top1", {
 *   alphas: [0.01],
 *   delta: 0.05,
 * });
 * assertEquals(proofs.map(({ length }) => length), [1, 1, 0]);
 * ```
 */
export function certify(
  losses: readonly Float64Array[],
  kind: LossKind,
  { alphas, delta, split = "calibration" }: CertifyOptions,
): Certificate[][] {
  checkAlphas(alphas);
  const share = delta / alphas.length;
  const n = losses[0]?.length ?? 0;
  const bounds: RiskBound[] = [];
  // Levels share the bounds, which are asked for in order.
  const boundAt = (index: number): RiskBound => {
    const loss = losses[index] as Float64Array;
    if (loss.length === 0 || loss.length !== n) {
      throw new RangeError(
        `Cannot certify: expected one loss or more, equally many for every setting, got ` +
          `${loss.length} for setting ${index} and ${n} for the first`,
      );
    }
    return bounds[index] ??= boundRisk(loss, kind, share);
  };
  const passing = alphas.map((alpha) => {
    return countPassing(losses.length, (index) => boundAt(index).bound, alpha);
  });
  return losses.map((_, index) => {
    return alphas.flatMap((alpha, level): Certificate[] => {
      if (index >= (passing[level] as number)) return [];
      return [{ loss: kind, alpha, delta: share, ...boundAt(index), split }];
    });
  });
}

function checkAlphas(alphas: readonly number[]): void {
  const valid = alphas.every((alpha) => alpha > -1 && alpha < 1);
  if (alphas.length > 0 && valid && new Set(alphas).size === alphas.length) return;
  throw new RangeError(
    "Cannot certify: expected different levels between -1 and 1, at least one, " +
      `got ${JSON.stringify(alphas)}`,
  );
}

/**
 * Bounds the mean of a loss.
 *
 * @param losses Loss per example, n of them.
 * @param kind The loss.
 * @param delta Chance that the bound is below the mean, (0, 0.5].
 * @returns The observed mean, the bound and how it was computed.
 * @throws {RangeError} If a loss is not of its kind or a number is out of its range.
 */
export function boundRisk(losses: Float64Array, kind: LossKind, delta: number): RiskBound {
  const n = losses.length;
  const isSigned = LOSSES[kind].values[0] < 0;
  let worse = 0;
  let better = 0;
  losses.forEach((loss, row) => {
    if (loss === 1) worse++;
    else if (loss === -1 && isSigned) better++;
    else if (loss !== 0) {
      const expected = isSigned ? "-1, 0 or 1" : "0 or 1";
      throw new RangeError(
        `Cannot bound the loss ${kind}: expected ${expected}, got ${loss} at ${row}`,
      );
    }
  });
  const risk = (worse - better) / n;
  return isSigned
    ? { n, risk, bound: upperBoundTrinomial({ worse, better, n }, delta), method: "trinomial" }
    : { n, risk, bound: upperBoundBinomial(worse, n, delta), method: "binomial" };
}
