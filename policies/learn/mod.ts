/**
 * Learning policies from traces: arrays in, documents and reports out. Never imported by the server.
 * What draws and writes reports is in `write_report.ts`, because it loads a plotting library.
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
export { certifyFamily, type CertifyFamilyOptions } from "./certify/certify_family.ts";
export { chooseFamily, type ChooseOptions, type Chosen, type Considered } from "./fit/choose.ts";
export type { Standing } from "./fit/standing.ts";
export { measureDecision } from "./replay/decision_time.ts";
export { CROSS_VALIDATION } from "./judge/cross_validate.ts";
export { evaluate, type EvaluateOptions } from "./judge/evaluate.ts";
export { evaluateValidated } from "./judge/evaluate_validated.ts";
export { isFew, splitAny, type Validated, validateFew } from "./few.ts";
export { DEFAULT_POLICY_MS, fitFamily, type FitOptions } from "./fit/fit.ts";
export { formatPolicy } from "./report/format_policy.ts";
export type { JudgedSetting, Method } from "./replay/judged.ts";
export { type Learned, learnPolicy, type LearnPolicyOptions } from "./learn_policy.ts";
export { lossOf } from "./trace/loss.ts";
export { LOSS_LEVELS, type Metric } from "./replay/metrics.ts";
export * from "./stats/numbers.ts";
export { policyMsOf } from "./fit/policy_ms.ts";
export type * from "./judge/report.ts";
export { runPoints } from "./replay/run_points.ts";
export { POLICY_CLASSES, type PolicyClass } from "./fit/policy_classes.ts";
export { allRows, simulate, type SimulateOptions } from "./replay/simulate.ts";
export { type PartName, type Split, splitRows } from "./replay/split.ts";
export { thresholdMethods, type ThresholdOptions } from "./judge/threshold_baselines.ts";
export { TraceError } from "./trace/trace_error.ts";
export { decodeTrace, encodeTrace } from "./trace/traces.ts";
export type * from "./trace/types.ts";
