import type { PolicyDocument } from "../../document.ts";
import { agreementMethod, randomMixMethod } from "./baselines.ts";
import { allOf, buildReport, type EvaluateOptions, type JudgedMethods } from "./build_report.ts";
import { alwaysMethod, costAlone, documentMethod, type Method } from "../replay/judged.ts";
import { chooseLevels } from "./level_rows.ts";
import { judgeMethod } from "../replay/levels.ts";
import { mainMetric, metricsOf } from "../replay/metrics.ts";
import { oracleMethod } from "../replay/oracle.ts";
import type { Report } from "./report.ts";
import type { Split } from "../replay/split.ts";
import type { Trace } from "../trace/types.ts";

export type { EvaluateOptions } from "./build_report.ts";

/**
 * Judges a policy against its baselines on the test rows, which only measure: every method chooses
 * its setting for a level of loss on the validation and calibration rows.
 *
 * @param trace The trace.
 * @param split Rows by what they serve for, as the policy was learned from them.
 * @param document The policy, learned for the models of the trace.
 * @param baselines The thresholds that it is compared with, from `thresholdMethods`.
 * @param options See {@linkcode EvaluateOptions}.
 * @returns The report.
 * @throws {PolicyError} If the policy is not for this pair and these models.
 */
export function evaluate(
  trace: Trace,
  split: Split,
  document: PolicyDocument,
  baselines: readonly Method[],
  options: EvaluateOptions,
): Report {
  const { policyMs, onProgress } = options;
  const kind = document.loss ?? (trace.labels ? "signed" : "consistency");
  const metric = mainMetric(trace, kind);
  const metrics = metricsOf(trace);
  const rows = { choice: choiceRows(split), test: split.test };
  const judge = (method: Method) => {
    const judged = judgeMethod(method, rows, metrics);
    onProgress?.(method.id);
    return judged;
  };

  const always = trace.nodes.map((node) => alwaysMethod(trace, node));
  const learned = judge(documentMethod(trace, "learned", document, policyMs));
  const judged: JudgedMethods = {
    learned,
    thresholds: baselines.map(judge),
    others: [
      judge(agreementMethod(trace, policyMs)),
      judge(randomMixMethod(always, rows.choice, metric)),
      ...always.map(judge),
    ],
    oracle: judge(oracleMethod(trace, metric)),
  };
  const fullCost = costAlone(trace, trace.full);
  const chosen = allOf(judged).flatMap((method) => chooseLevels(method, metrics, fullCost));
  return buildReport(judged, chosen, {
    trace,
    split,
    rows: split.test,
    document,
    own: learned,
    ownRows: split.test,
    ...options,
  });
}

/** Rows that no policy and no threshold was fitted on, and that are not of the test. */
function choiceRows({ validation, calibration }: Split): Int32Array {
  return Int32Array.from([...validation, ...calibration]).sort();
}
