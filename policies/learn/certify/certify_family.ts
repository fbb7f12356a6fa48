import { bindPolicy } from "../../bind.ts";
import {
  ALWAYS_PREFIX,
  type MeanBound,
  type OperatingPoint,
  type PolicyDocument,
  type RateBound,
} from "../../document.ts";
import { upperBoundBinomial } from "../stats/binomial.ts";
import { mean } from "../stats/bootstrap.ts";
import { certify, type CertifyOptions } from "./certify.ts";
import { costRange } from "./cost_range.ts";
import { lossOf } from "../trace/loss.ts";
import { confidenceOf, countExits } from "../replay/reference.ts";
import { runPoints } from "../replay/run_points.ts";
import type { LossKind, Outcome, Trace } from "../trace/types.ts";
import { upperBoundWsr } from "../stats/wsr.ts";

/** Options of {@linkcode certifyFamily}. */
export interface CertifyFamilyOptions extends CertifyOptions {
  /** The loss. */
  readonly kind: LossKind;
  /**
   * The level that the active point must pass, one of `alphas`.
   *
   * @default The first of `alphas`
   */
  readonly target?: number | undefined;
  /**
   * Milliseconds that each decision takes.
   *
   * @default 0
   */
  readonly policyMs?: number | undefined;
  /**
   * Fixes the order in which costs are bet on.
   *
   * @default 0
   */
  readonly seed?: number | undefined;
}

/**
 * Certifies the operating points of a policy, and makes the fastest that is proved the active one.
 *
 * Three kinds of statement each hold, for all points at once, with a chance of at least 1 − delta:
 * the certificates (delta / m for each of m levels), the bounds of the mean cost, and those of the
 * disagreement with the full model (both delta / k for each of k points). Every statement names what
 * it spends. The mean cost is over inputs; the cost of a node is a constant, its median.
 *
 * @param trace The trace.
 * @param document The policy, its points from the safest to the fastest.
 * @param rows Rows of the trace that nothing was learned or chosen from.
 * @param options See {@linkcode CertifyFamilyOptions}.
 * @returns The document with `certificates`, `cost_bound`, `disagreement` and `exits` at every point,
 * `confidence`, and `certified`. The active point is the fastest that passes the target; where none does, `certified` is
 * false and `active` is `always:<full model>`.
 * @throws {PolicyError} If the document does not fit the trace.
 * @throws {RangeError} If there is no row or a number is out of its range.
 * @throws {TypeError} If the loss needs labels and the trace has none.
 */
export function certifyFamily(
  trace: Trace,
  document: PolicyDocument,
  rows: Int32Array,
  options: CertifyFamilyOptions,
): PolicyDocument {
  const { kind, alphas, target = alphas[0], delta = 0.05, policyMs = 0, seed = 0 } = options;
  if (target === undefined || !alphas.includes(target)) {
    throw new RangeError(
      `Cannot certify: expected a target of ${alphas.join(", ")}, got ${target}`,
    );
  }
  const outcomes = runPoints(trace, rows, bindPolicy(document, trace), { policyMs });
  const losses = outcomes.map((outcome) => lossOf(trace, rows, outcome, kind));
  const certificates = certify(losses, kind, options);
  const share = delta / document.points.length;
  const [low, high] = costRange(trace, policyMs);
  const points = document.points.map((point, index): OperatingPoint => {
    const outcome = outcomes[index] as Outcome;
    return {
      ...point,
      certificates: certificates[index],
      cost_bound: boundCost(outcome.cost, share, { low, high, seed }),
      disagreement: boundRate(lossOf(trace, rows, outcome, "consistency"), share),
      exits: countExits(trace, outcome),
    };
  });
  const active = points.findLast(({ certificates }) => {
    return certificates?.some(({ alpha }) => alpha === target);
  });
  return {
    ...document,
    loss: kind,
    confidence: confidenceOf(trace, rows),
    certified: active !== undefined,
    points,
    active: active?.id ?? `${ALWAYS_PREFIX}${trace.full}`,
  };
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
