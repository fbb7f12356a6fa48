import type { Certificate, MeanBound, RateBound } from "../../document.ts";
import { upperBoundBinomial } from "../stats/binomial.ts";
import { mean } from "../stats/bootstrap.ts";
import { upperBoundWsr } from "../stats/wsr.ts";
import { lossOf } from "../trace/loss.ts";
import type { LossKind, Outcome, Trace } from "../trace/types.ts";
import { certify, type CertifyOptions } from "./certify.ts";
import { costRange } from "./cost_range.ts";

/** Options of {@linkcode certifyFamily}. */
export interface CertifyFamilyOptions extends CertifyOptions {
  /** The loss. */
  readonly kind: LossKind;
  /** Milliseconds of each decision, as the outcomes count them. */
  readonly policyMs: number;
  /** Fixes the order in which costs are bet on. */
  readonly seed: number;
}

/** What is proved of an operating point; members are named as documents have them. */
export interface PointProofs {
  /** One for each level of loss that it passes. */
  readonly certificates: readonly Certificate[];
  /** Of its mean cost, milliseconds. */
  readonly cost_bound: MeanBound;
  /** Of the share of answers that differ from the full model's. */
  readonly disagreement: RateBound;
}

/**
 * Proves what can be proved of the operating points of a policy.
 *
 * Three kinds of statement each hold, for all points at once, with a chance of at least 1 − delta:
 * the certificates (delta / m for each of m levels), the bounds of the mean cost, and those of the
 * disagreement with the full model (both delta / k for each of k points). Every statement names what
 * it spends. The mean cost is over inputs; the cost of a node is a constant, its median.
 *
 * @param trace The trace.
 * @param rows Rows of the trace that nothing was learned or chosen from, n of them.
 * @param outcomes What each point does on them, from the safest to the fastest; arrays of length n.
 * @param options See {@linkcode CertifyFamilyOptions}.
 * @returns The proofs of each point, in the same order.
 * @throws {RangeError} If there is no row or a number is out of its range.
 * @throws {TypeError} If the loss needs labels and the trace has none.
 */
export function certifyFamily(
  trace: Trace,
  rows: Int32Array,
  outcomes: readonly Outcome[],
  options: CertifyFamilyOptions,
): PointProofs[] {
  const { kind, delta, policyMs, seed } = options;
  const losses = outcomes.map((outcome) => lossOf(trace, rows, outcome, kind));
  const certificates = certify(losses, kind, options);
  const share = delta / outcomes.length;
  const [low, high] = costRange(trace, policyMs);
  return outcomes.map((outcome, index): PointProofs => ({
    certificates: certificates[index] as Certificate[],
    cost_bound: boundCost(outcome.cost, share, { low, high, seed }),
    disagreement: boundRate(lossOf(trace, rows, outcome, "consistency"), share),
  }));
}

function boundCost(
  cost: Float64Array,
  delta: number,
  { low, high, seed }: { low: number; high: number; seed: number },
): MeanBound {
  // Sums along a path may differ in the last digit from those that the range was made of.
  const inside = cost.map((value) => {
    return Math.abs(value - low) < 1e-9 ? low : Math.abs(value - high) < 1e-9 ? high : value;
  });
  const bound = upperBoundWsr(inside, delta, { low, high, seed });
  return { delta, n: cost.length, mean: mean(cost), bound };
}

function boundRate(disagreement: Float64Array, delta: number): RateBound {
  const n = disagreement.length;
  const differing = disagreement.reduce((sum, value) => sum + value, 0);
  return { delta, n, rate: differing / n, bound: upperBoundBinomial(differing, n, delta) };
}
