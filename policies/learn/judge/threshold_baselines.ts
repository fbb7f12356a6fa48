import { prepareBench } from "../fit/bench.ts";
import { fitCandidate, type FitOptions } from "../fit/candidate.ts";
import { writeDocument } from "../fit/fit.ts";
import { documentMethod, type Method } from "../replay/judged.ts";
import { keepPicked, lookAtPoints, pickWithin } from "../replay/pick.ts";
import type { Split } from "../replay/split.ts";
import type { LossKind, Trace } from "../trace/types.ts";

/** The scores whose thresholds are tuned as baselines, by name in reports. */
const THRESHOLD_FEATURES: Readonly<Record<string, string>> = {
  maxprob: "max_probability",
  margin: "margin",
  entropy: "entropy",
  topk_mass: "top_5_mass",
};

/** Losses for which each has a setting: those of a report, and some between. */
const LEVELS = [0, 0.0025, 0.005, 0.0075, 0.01, 0.015, 0.02, 0.03];

/** Options of {@linkcode thresholdMethods}. */
export interface ThresholdOptions {
  /** The loss that the thresholds are tuned for. */
  readonly kind: LossKind;
  /** Seed of the random numbers. */
  readonly seed: number;
  /** Milliseconds counted for every decision. */
  readonly policyMs: number;
}

/**
 * How every threshold is fitted, by its name in reports: one score, tuned jointly over all states; with
 * the last node's answer (`threshold_margin`), and with the score and the answer of all nodes run,
 * pooled with learned weights (`threshold_margin_pooled`).
 *
 * @param trace The trace, for its classes.
 * @param options See {@linkcode ThresholdOptions}.
 * @returns Name and fit of each.
 */
export function thresholdFits(
  { classes }: Pick<Trace, "classes">,
  options: ThresholdOptions,
): [id: string, fit: FitOptions][] {
  return Object.entries(THRESHOLD_FEATURES).flatMap(([name, feature]): [string, FitOptions][] => {
    if (feature === "top_5_mass" && classes <= 5) return [];
    const shared = { ...options, policyClass: "threshold", targets: "labels" } as const;
    return [
      [`threshold_${name}`, { ...shared, feature, combine: "last" }],
      [`threshold_${name}_pooled`, { ...shared, feature: `pooled_${feature}`, combine: "learned" }],
    ];
  });
}

/**
 * The baselines to beat, tuned on the data that the learned policy had, temperature included. Like a
 * learned policy each has eight settings at most: those that it would choose for several losses.
 *
 * @param trace The trace.
 * @param split Rows to tune on, and rows to choose on.
 * @param options See {@linkcode ThresholdOptions}.
 * @returns The methods.
 */
export function thresholdMethods(
  trace: Trace,
  { train, validation, calibration }: Split,
  options: ThresholdOptions,
): Method[] {
  const { kind, policyMs } = options;
  const bench = prepareBench(trace, train, validation);
  const choice = Int32Array.from([...validation, ...calibration]).sort();
  return thresholdFits(trace, options).map(([id, fit]) => {
    const family = writeDocument(bench, fitCandidate(bench, fit), fit);
    const candidates = lookAtPoints(trace, family, choice, { kind, policyMs });
    const { document } = keepPicked(family, [...pickWithin(trace, candidates, LEVELS), 0]);
    return documentMethod(trace, id, document, policyMs);
  });
}
