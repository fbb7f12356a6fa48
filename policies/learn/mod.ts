/**
 * Learning policies from traces: arrays in, documents and reports out. Never imported by the server.
 * What draws and writes reports is in `write_report.ts`, because it loads a plotting library.
 *
 * @module
 */

export { mean, percentileInterval, resampleMeans, type ResampleOptions } from "./bootstrap.ts";
export * from "./budget.ts";
export { certify, type CertifyOptions } from "./certify.ts";
export { certifyFamily, type CertifyFamilyOptions } from "./certify_family.ts";
export { chooseFamily, type ChooseOptions, type Chosen, type Considered } from "./choose.ts";
export type { Standing } from "./standing.ts";
export { measureDecision } from "./decision_time.ts";
export { CROSS_VALIDATION } from "./cross_validate.ts";
export { evaluate, type EvaluateOptions } from "./evaluate.ts";
export { evaluateValidated } from "./evaluate_validated.ts";
export { isFew, splitAny, type Validated, validateFew } from "./few.ts";
export { DEFAULT_POLICY_MS, fitFamily, type FitOptions } from "./fit.ts";
export { formatPolicy } from "./format_policy.ts";
export type { Method, Setting } from "./judged.ts";
export { type Learned, learnPolicy, type LearnPolicyOptions } from "./learn_policy.ts";
export { lossOf } from "./loss.ts";
export { LOSS_LEVELS, type Metric } from "./metrics.ts";
export * from "./numbers.ts";
export { policyMsOf } from "./policy_ms.ts";
export type * from "./report.ts";
export { runPoints } from "./run_points.ts";
export type { PolicyClass } from "./scores.ts";
export { allRows, simulate, type SimulateOptions } from "./simulate.ts";
export { type PartName, type Split, splitRows } from "./split.ts";
export { thresholdMethods, type ThresholdOptions } from "./threshold_baselines.ts";
export { TraceError } from "./trace_error.ts";
export { decodeTrace, encodeTrace } from "./traces.ts";
export type * from "./types.ts";
