import {
  crossValidate,
  type CrossValidateOptions,
  NOMINAL_LEVELS,
} from "./judge/cross_validate.ts";
import type { JudgedMethod } from "./replay/levels.ts";
import { mainMetric, type Metric } from "./replay/metrics.ts";
import { allRows } from "./replay/simulate.ts";
import { type Split, splitHalves, splitRows } from "./replay/split.ts";
import type { Trace } from "./trace/types.ts";

/** With fewer examples than this and none kept aside for reports, policies are cross-validated. */
const FEW = 2500;

/**
 * Whether a trace is too small to be dealt into four parts.
 *
 * @param trace The trace.
 * @returns Whether its policies are judged by cross-validation.
 */
export function isFew(trace: Trace): boolean {
  return trace.count < FEW && allRows(trace, 1).length === 0;
}

/**
 * Splits a trace of any size: a small one into halves, of which one is learned from and the other
 * certified on; any other as {@linkcode splitRows} does.
 *
 * @param trace The trace.
 * @param seed An integer that fixes the split.
 * @returns The rows of each part.
 * @throws {RangeError} If a part would have too few rows.
 */
export function splitAny(trace: Trace, seed: number): Split {
  return isFew(trace) ? splitHalves(trace, seed) : splitRows(trace, seed);
}

/** What cross-validation says of how a policy is learned. */
export interface Validated {
  /** The learned policy and the thresholds. */
  readonly methods: readonly JudgedMethod[];
  /**
   * The loss to choose a setting for, so that what is lost on examples left out stays within another.
   *
   * @returns One of {@linkcode NOMINAL_LEVELS}; the safest where none stays within.
   */
  nominalFor(maxLoss: number): number;
}

/**
 * Cross-validates how a policy is learned from a small trace.
 *
 * @param trace The trace.
 * @param options See {@linkcode CrossValidateOptions}.
 * @returns What is lost at every nominal level.
 */
export function validateFew(trace: Trace, options: CrossValidateOptions): Validated {
  const methods = crossValidate(trace, options);
  const metric: Metric = mainMetric(trace, options.kind);
  const losses = methods[0]?.points.map(({ loss }) => loss[metric] as number) ?? [];
  return {
    methods,
    nominalFor(maxLoss) {
      const within = NOMINAL_LEVELS.filter((_, index) => {
        return (losses[index] as number) <= maxLoss + 1e-12;
      });
      return within.at(-1) ?? NOMINAL_LEVELS[0] as number;
    },
  };
}
