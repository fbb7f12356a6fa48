import { oracleMethod } from "../replay/oracle.ts";
import { costAlone, documentMethod, type Method } from "../replay/judged.ts";
import { judgeMethod } from "../replay/levels.ts";
import { lossKindOf, mainMetric, metricsOf } from "../replay/metrics.ts";
import type { Split } from "../replay/split.ts";
import { untunedMethods } from "./baselines.ts";
import {
  allOf,
  buildReport,
  type EvaluateOptions,
  type JudgedMethods,
  type ReportSubject,
} from "./build_report.ts";
import { chooseLevels } from "./level_rows.ts";
import type { Report } from "./report.ts";

export type { EvaluateOptions, ReportSubject } from "./build_report.ts";

/**
 * Judges a policy against its baselines on the test rows, which only measure: every method chooses
 * its setting for a level of loss on the validation and calibration rows.
 *
 * @param subject The policy, the trace and its split.
 * @param baselines The thresholds that it is compared with, from `thresholdMethods`.
 * @param options See {@linkcode EvaluateOptions}.
 * @returns The report.
 * @throws {PolicyError} If the policy is not for this pair and these models.
 */
export function evaluate(
  subject: ReportSubject,
  baselines: readonly Method[],
  options: EvaluateOptions,
): Report {
  const { trace, split, document } = subject;
  const { policyMs, onProgress } = options;
  const metric = mainMetric(trace, lossKindOf(trace, document));
  const metrics = metricsOf(trace);
  const rows = { choice: choiceRows(split), test: split.test };
  const judge = (method: Method) => {
    const judged = judgeMethod(method, rows, metrics);
    onProgress?.(method.id);
    return judged;
  };
  const learned = judge(documentMethod(trace, "learned", document, policyMs));
  const judged: JudgedMethods = {
    learned,
    thresholds: baselines.map(judge),
    others: untunedMethods(trace, rows.choice, { metric, policyMs }).map(judge),
    oracle: judge(oracleMethod(trace, metric)),
  };
  const fullCost = costAlone(trace, trace.full);
  const chosen = allOf(judged).flatMap((method) => chooseLevels(method, metrics, fullCost));
  return buildReport(judged, chosen, {
    ...subject,
    ...options,
    rows: split.test,
    own: learned,
    ownRows: split.test,
  });
}

/** Rows that no policy and no threshold was fitted on, and that are not of the test. */
function choiceRows({ validation, calibration }: Split): Int32Array {
  return Int32Array.from([...validation, ...calibration]).sort();
}
