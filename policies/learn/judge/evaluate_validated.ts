import { costAlone, documentMethod, type Method } from "../replay/judged.ts";
import { type JudgedMethod, judgeMethod } from "../replay/levels.ts";
import { LOSS_LEVELS, lossKindOf, mainMetric, type Metric, metricsOf } from "../replay/metrics.ts";
import { oracleMethod } from "../replay/oracle.ts";
import { allRows } from "../replay/simulate.ts";
import { untunedMethods } from "./baselines.ts";
import {
  buildReport,
  type EvaluateOptions,
  type JudgedMethods,
  type ReportSubject,
} from "./build_report.ts";
import { chooseLevels, type LevelChoice } from "./level_rows.ts";
import type { CrossValidation, Report } from "./report.ts";

/** Options of {@linkcode evaluateValidated}. */
export interface EvaluateValidatedOptions extends EvaluateOptions {
  /** How often the examples were dealt. */
  readonly crossValidation: CrossValidation;
}

/**
 * Judges how a policy was learned, by cross-validation: for traces too small to keep test examples.
 * Every method chooses its setting for a loss inside each fold. What is shown of the operating points
 * themselves comes from the calibration rows, which nothing was learned from.
 *
 * @param subject The policy, the trace and its split.
 * @param validated The learned policy and the thresholds, from `crossValidate`.
 * @param options See {@linkcode EvaluateValidatedOptions}.
 * @returns The report.
 * @throws {PolicyError} If the policy is not for this pair and these models.
 * @throws {RangeError} If nothing was cross-validated.
 */
export function evaluateValidated(
  subject: ReportSubject,
  validated: readonly JudgedMethod[],
  options: EvaluateValidatedOptions,
): Report {
  const { trace, split, document } = subject;
  const { policyMs } = options;
  const metric = mainMetric(trace, lossKindOf(trace, document));
  const metrics = metricsOf(trace);
  const rows = { choice: allRows(trace), test: allRows(trace) };
  const judge = (method: Method) => judgeMethod(method, rows, metrics);
  const [learned, ...thresholds] = validated;
  if (!learned) throw new RangeError("Cannot evaluate: nothing was cross-validated");
  const judged: JudgedMethods = {
    learned,
    thresholds,
    others: untunedMethods(trace, rows.choice, { metric, policyMs }).map(judge),
    oracle: judge(oracleMethod(trace, metric)),
  };
  const readOff = validated.flatMap((method) => {
    return metrics.flatMap((own) =>
      LOSS_LEVELS.flatMap((level) => fastestWithin(method, own, level))
    );
  });
  const fullCost = costAlone(trace, trace.full);
  const fixed = [...judged.others, judged.oracle].flatMap((method) => {
    return chooseLevels(method, metrics, fullCost);
  });
  const ownRows = split.calibration;
  const method = documentMethod(trace, "learned", document, policyMs);
  return buildReport(judged, [...readOff, ...fixed], {
    ...subject,
    ...options,
    rows: rows.test,
    own: judgeMethod(method, { choice: ownRows, test: ownRows }, metrics),
    ownRows,
  });
}

/**
 * The fastest setting whose loss on the examples left out is within a level. Settings were chosen for
 * the main metric; the others are read off the same ones.
 */
function fastestWithin({ id, points }: JudgedMethod, metric: Metric, level: number): LevelChoice[] {
  const within = points.filter(({ loss }) => (loss[metric] as number) <= level + 1e-12);
  const [point] = within.toSorted((a, b) => a.cost - b.cost);
  return point ? [{ method: id, metric, level, point }] : [];
}
