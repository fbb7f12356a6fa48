import type { PolicyDocument } from "../../document.ts";
import { agreementMethod, randomMixMethod } from "./baselines.ts";
import { buildReport, type EvaluateOptions, type JudgedMethods } from "./build_report.ts";
import { alwaysMethod, costAlone, documentMethod, type Method } from "../replay/judged.ts";
import { chooseLevels, type LevelChoice } from "./level_rows.ts";
import { type JudgedMethod, judgeMethod } from "../replay/levels.ts";
import { LOSS_LEVELS, mainMetric, type Metric, metricsOf } from "../replay/metrics.ts";
import { oracleMethod } from "../replay/oracle.ts";
import type { CrossValidation, Report } from "./report.ts";
import { allRows } from "../replay/simulate.ts";
import type { Split } from "../replay/split.ts";
import type { Trace } from "../trace/types.ts";

/**
 * Judges how a policy was learned, by cross-validation: for traces too small to keep test examples.
 * Every method chooses its setting for a loss inside each fold. What is shown of the operating points
 * themselves comes from the calibration rows, which nothing was learned from.
 *
 * @param trace The trace.
 * @param split Rows by what they served for when the policy was learned.
 * @param document The policy.
 * @param validated The learned policy and the thresholds, from `crossValidate`.
 * @param options See {@linkcode EvaluateOptions}; how often the examples were dealt.
 * @returns The report.
 * @throws {PolicyError} If the policy is not for this pair and these models.
 */
export function evaluateValidated(
  trace: Trace,
  split: Split,
  document: PolicyDocument,
  validated: readonly JudgedMethod[],
  options: EvaluateOptions & { readonly crossValidation: CrossValidation },
): Report {
  const metric = mainMetric(trace, document.loss ?? "consistency");
  const metrics = metricsOf(trace);
  const rows = { choice: allRows(trace), test: allRows(trace) };
  const judge = (method: Method) => judgeMethod(method, rows, metrics);
  const always = trace.nodes.map((node) => alwaysMethod(trace, node));
  const others = [
    judge(agreementMethod(trace, options.policyMs)),
    judge(randomMixMethod(always, rows.choice, metric)),
    ...always.map(judge),
  ];
  const [learned, ...thresholds] = validated;
  if (!learned) throw new RangeError("Cannot evaluate: nothing was cross-validated");
  const judged: JudgedMethods = {
    learned,
    thresholds,
    others,
    oracle: judge(oracleMethod(trace, metric)),
  };
  const fullCost = costAlone(trace, trace.full);
  const readOff = validated.flatMap((method) => {
    return metrics.flatMap((metric) =>
      LOSS_LEVELS.flatMap((level) => fastestWithin(method, metric, level))
    );
  });
  const fixed = [...others, judged.oracle].flatMap((method) => {
    return chooseLevels(method, metrics, fullCost);
  });
  const own = judgeMethod(documentMethod(trace, "learned", document, options.policyMs), {
    choice: split.calibration,
    test: split.calibration,
  }, metrics);
  return buildReport(judged, [...readOff, ...fixed], {
    trace,
    split,
    rows: rows.test,
    document,
    own,
    ownRows: split.calibration,
    ...options,
  });
}

/**
 * The fastest setting that kept to a loss on what was left out. Settings were chosen for the main
 * metric; the others are read off the same ones.
 */
function fastestWithin({ id, points }: JudgedMethod, metric: Metric, level: number): LevelChoice[] {
  const within = points.filter(({ loss }) => (loss[metric] as number) <= level + 1e-12);
  const [point] = within.toSorted((a, b) => a.cost - b.cost);
  return point ? [{ method: id, metric, level, point }] : [];
}
