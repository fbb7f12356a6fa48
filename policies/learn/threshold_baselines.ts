import { fitCandidate, type FitOptions, prepareBench, writeDocument } from "./fit.ts";
import { documentMethod, type Method } from "./judged.ts";
import { keepPicked, lookAtPoints, pickWithin } from "./pick.ts";
import type { Split } from "./split.ts";
import type { LossKind, Trace } from "./types.ts";

/** The scores whose thresholds are tuned as baselines, by name in reports. */
export const THRESHOLD_FEATURES: Readonly<Record<string, string>> = {
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
 * The baselines to beat: one threshold per state on one score, tuned jointly over all states on the
 * data that the learned policy had, temperature included; with the last node's answer
 * (`threshold_margin`), and with the score and the answer of all nodes run, pooled with
 * learned weights (`threshold_margin_pooled`).
 *
 * Like a learned policy each has eight settings at most: those that it would choose for several losses.
 *
 * @param trace The trace.
 * @param split Rows to tune on, and rows to choose on.
 * @param options See {@linkcode ThresholdOptions}.
 * @returns The methods.
 */
export function thresholdMethods(
  trace: Trace,
  { train, validation, calibration }: Split,
  { kind, seed, policyMs }: ThresholdOptions,
): Method[] {
  const bench = prepareBench(trace, train, validation);
  const choice = Int32Array.from([...validation, ...calibration]).sort();
  return Object.entries(THRESHOLD_FEATURES).flatMap(([name, feature]) => {
    if (feature === "top_5_mass" && trace.classes <= 5) return [];
    const fit = (id: string, own: Pick<FitOptions, "feature" | "combine">): Method => {
      const options: FitOptions = { kind, seed, policyMs, policyClass: "threshold", ...own };
      const family = writeDocument(bench, fitCandidate(bench, options), options);
      const candidates = lookAtPoints(trace, family, choice, { kind, policyMs });
      const { document } = keepPicked(family, [...pickWithin(trace, candidates, LEVELS), 0]);
      return documentMethod(trace, id, document, policyMs);
    };
    return [
      fit(`threshold_${name}`, { feature, combine: "last" }),
      fit(`threshold_${name}_pooled`, { feature: `pooled_${feature}`, combine: "learned" }),
    ];
  });
}
