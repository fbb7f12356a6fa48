/**
 * A policy against its baselines, on examples that it has not seen: every node alone, random mixing,
 * jointly tuned thresholds, agreement, and the label oracle; with paired bootstrap intervals.
 *
 * @example A report on a policy that was just learned
 * ```ts
 * import { learnPolicy } from "../mod.ts";
 * import { syntheticTrace } from "../../../tests/harness/generators/traces.ts";
 * import { evaluate } from "./mod.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const trace = syntheticTrace({ count: 3000 });
 * const options = { seed: 0, policyMs: 0.01 };
 * const { document, split } = learnPolicy(trace, {
 *   ...options,
 *   kind: "signed",
 *   budget: { maxLoss: 0.02 },
 *   delta: 0.05,
 *   policyClasses: ["threshold"],
 *   combines: ["last"],
 * });
 * const report = evaluate({ trace, document, split }, [], { ...options, replicates: 50 });
 * assertEquals([report.metric, report.n.test], ["top1", split.test.length]);
 * ```
 *
 * @module
 */

export { CROSS_VALIDATION, type CrossValidateOptions } from "./cross_validate.ts";
export { evaluate, type EvaluateOptions, type ReportSubject } from "./evaluate.ts";
export { evaluateValidated, type EvaluateValidatedOptions } from "./evaluate_validated.ts";
export type * from "./report.ts";
export { thresholdMethods, type ThresholdOptions } from "./threshold_baselines.ts";
