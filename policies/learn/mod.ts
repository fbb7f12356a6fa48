/**
 * Learning policies from traces: arrays in, documents and reports out. Never imported by the server.
 * What draws and writes reports is in `report/mod.ts`, because it loads a plotting library.
 *
 * @example A policy from a trace, certified for a loss of 2%
 * ```ts
 * import { syntheticTrace } from "../../tests/harness/generators/traces.ts";
 * import { learnPolicy } from "./mod.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const { document } = learnPolicy(syntheticTrace({ count: 3000 }), {
 *   kind: "signed",
 *   budget: { maxLoss: 0.02 },
 *   seed: 0,
 *   delta: 0.05,
 *   policyMs: 0.01,
 *   policyClasses: ["threshold"],
 *   combines: ["last"],
 * });
 * const active = document.points.find(({ id }) => id === document.active);
 * assertEquals(active?.certificates?.some(({ alpha }) => alpha === 0.02), true);
 * ```
 *
 * @module
 */

export {
  mean,
  percentileInterval,
  resampleMeans,
  type ResampleOptions,
} from "./stats/bootstrap.ts";
export * from "./budget.ts";
export { certify, type CertifyOptions } from "./certify/certify.ts";
export {
  certifyFamily,
  type CertifyFamilyOptions,
  type PointProofs,
} from "./certify/certify_family.ts";
export { chooseFamily, type ChooseOptions, type Chosen, type Considered } from "./fit/choose.ts";
export type { Standing } from "./fit/standing.ts";
export { measureDecision } from "./replay/decision_time.ts";
export { CROSS_VALIDATION } from "./judge/cross_validate.ts";
export { evaluate, type EvaluateOptions, type ReportSubject } from "./judge/evaluate.ts";
export { evaluateValidated, type EvaluateValidatedOptions } from "./judge/evaluate_validated.ts";
export { isFew, splitAny, type Validated, validateFew } from "./few.ts";
export type { FitOptions } from "./fit/candidate.ts";
export { fitFamily } from "./fit/fit.ts";
export { formatPolicy } from "./report/format_policy.ts";
export type { JudgedSetting, Method } from "./replay/judged.ts";
export { type Learned, learnPolicy, type LearnPolicyOptions } from "./learn_policy.ts";
export { lossOf } from "./trace/loss.ts";
export { LOSS_LEVELS, lossKindOf, type Metric } from "./replay/metrics.ts";
export * from "./stats/numbers.ts";
export { policyMsOf } from "./fit/policy_ms.ts";
export type * from "./judge/report.ts";
export type { PlanOptions } from "./plan.ts";
export { runPoints } from "./replay/run_points.ts";
export { POLICY_CLASSES, type PolicyClass } from "./fit/policy_classes.ts";
export { allRows, simulate, type SimulateOptions } from "./replay/simulate.ts";
export { type PartName, saySplit, type Split, splitRows } from "./replay/split.ts";
export { thresholdMethods, type ThresholdOptions } from "./judge/threshold_baselines.ts";
export { TraceError } from "./trace/trace_error.ts";
export { decodeTrace, encodeTrace } from "./trace/traces.ts";
export type * from "./trace/types.ts";
