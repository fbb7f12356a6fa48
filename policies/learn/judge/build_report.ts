import type { PolicyDocument } from "../../document.ts";
import { mean, REPLICATES, resampleMeans } from "../stats/bootstrap.ts";
import { claimOf } from "./claim.ts";
import { compareAtLoss, cornersOf, type MeansOf } from "./compare.ts";
import { drawCurves } from "./curves.ts";
import { detailPoints, fullRight } from "./detail.ts";
import { costAlone } from "../replay/judged.ts";
import { type LevelChoice, levelRow, oracleShare, speedupsOf } from "./level_rows.ts";
import type { JudgedMethod } from "../replay/levels.ts";
import { LOSS_LEVELS, lossKindOf, mainMetric, type Metric } from "../replay/metrics.ts";
import type { CrossValidation, PointDetail, Report } from "./report.ts";
import type { Split } from "../replay/split.ts";
import type { Trace } from "../trace/types.ts";

/** Options of {@linkcode evaluate}. */
export interface EvaluateOptions {
  /** Seed of the fits and the resamples. */
  readonly seed: number;
  /** Milliseconds counted for every decision. */
  readonly policyMs: number;
  /**
   * Number of resamples behind every interval.
   *
   * @default REPLICATES
   */
  readonly replicates?: number | undefined;
  /** Milliseconds that a decision was measured to take, for the report. */
  readonly policyMsMeasured?: number | undefined;
  /** Names of the classes. */
  readonly labels?: readonly string[] | undefined;
  /** SHA-256, in hex, of the trace's file and of the policy's text. */
  readonly hashes?: { readonly trace?: string; readonly policy?: string } | undefined;
  /** Called when a method has been judged. */
  readonly onProgress?: ((method: string) => void) | undefined;
}

/** What a report is about. */
export interface ReportSubject {
  /** The trace. */
  readonly trace: Trace;
  /** Rows by what they served for when the policy was learned. */
  readonly split: Split;
  /** The policy, learned for the models of the trace. */
  readonly document: PolicyDocument;
}

/** Every method, judged. */
export interface JudgedMethods {
  /** The learned policy. */
  readonly learned: JudgedMethod;
  /** The thresholds that it is compared with. */
  readonly thresholds: readonly JudgedMethod[];
  /** The baselines that have nothing to learn. */
  readonly others: readonly JudgedMethod[];
  /** The label oracle. */
  readonly oracle: JudgedMethod;
}

/**
 * Lists methods in the order of a report.
 *
 * @param judged The methods.
 * @returns All of them.
 */
export function allOf({ learned, thresholds, others, oracle }: JudgedMethods): JudgedMethod[] {
  return [learned, ...thresholds, ...others, oracle];
}

/** What a report says beside what the methods did. */
export interface ReportContext extends ReportSubject, EvaluateOptions {
  /** The rows that methods were judged on. */
  readonly rows: Int32Array;
  /** The document's own points, judged. */
  readonly own: JudgedMethod;
  /** The rows that they were judged on. */
  readonly ownRows: Int32Array;
  /** How often examples were dealt, where methods were cross-validated. */
  readonly crossValidation?: CrossValidation | undefined;
}

/**
 * Puts a report together.
 *
 * @param judged Every method.
 * @param chosen The settings that they chose for levels of loss.
 * @param context See {@linkcode ReportContext}.
 * @returns The report.
 */
export function buildReport(
  judged: JudgedMethods,
  chosen: readonly LevelChoice[],
  context: ReportContext,
): Report {
  const { trace, rows, document } = context;
  const { learned, thresholds, oracle } = judged;
  const kind = lossKindOf(trace, document);
  const metric = mainMetric(trace, kind);
  const fullCost = costAlone(trace, trace.full);
  const meansOf = resampleSeries(seriesOf(judged, chosen, metric), context);
  const levels = chosen.map((choice) => {
    return levelRow(choice, { fullCost, oracleCost: oracle.points[0]?.cost, meansOf });
  });
  const compared = { metric, levels: LOSS_LEVELS, fullCost, meansOf };
  const comparisons = compareAtLoss(learned, thresholds, compared);
  const fullAccuracy = mean(fullRight(trace, rows, metric));
  const always = trace.nodes.map((node) => `always_${node}`);
  return {
    pair: trace.pair,
    full: trace.full,
    loss: kind,
    metric,
    speedups: speedupsOf(levels),
    oracle_share: oracleShare(levels, metric),
    claim: claimOf(levels, comparisons, metric),
    levels,
    comparisons,
    curves: drawCurves(allOf(judged), always, metric, fullAccuracy),
    points: describePoints(context, metric, fullAccuracy),
    full_accuracy: fullAccuracy,
    ...describeConditions(context),
  };
}

/** Everything that intervals rest on, each series once. */
function seriesOf(
  { learned, thresholds }: JudgedMethods,
  chosen: readonly LevelChoice[],
  metric: Metric,
): Float64Array[] {
  const series = new Set(chosen.map(({ point }) => point.test.cost));
  const corners = [learned, ...thresholds].flatMap((method) => {
    return cornersOf(method, metric, Math.max(...LOSS_LEVELS));
  });
  for (const { test } of corners) {
    series.add(test.cost).add(test.loss[metric] as Float64Array);
  }
  return [...series];
}

function resampleSeries(
  series: readonly Float64Array[],
  { replicates, seed }: ReportContext,
): MeansOf {
  const means = resampleMeans(series, { replicates, seed });
  const meansBySeries = new Map(series.map((values, index) => [values, means[index]]));
  return (values) => meansBySeries.get(values) as Float64Array;
}

function describePoints(
  { trace, document, own, ownRows, policyMs, labels }: ReportContext,
  metric: Metric,
  fullAccuracy: number,
): PointDetail[] {
  const fullCost = costAlone(trace, trace.full);
  const options = { metric, fullCost, policyMs, labels };
  return detailPoints({ trace, rows: ownRows, document }, own, options).map((point) => {
    // Where points were judged on other rows than the curves, both hang on the same full model.
    return { ...point, accuracy: fullAccuracy - (point.loss[metric] as number) };
  });
}

/** What the figures were made of and with. */
function describeConditions(context: ReportContext) {
  const { trace, split, rows, document, replicates = REPLICATES } = context;
  return {
    costs: trace.cost,
    policy_ms: context.policyMs,
    policy_ms_measured: context.policyMsMeasured,
    measured: trace.measured,
    n: {
      train: split.train.length,
      validation: split.validation.length,
      calibration: split.calibration.length,
      test: rows.length,
    },
    cross_validation: context.crossValidation,
    classes: trace.classes,
    seed: context.seed,
    replicates,
    hashes: { models: trace.models, ...context.hashes },
    policy: {
      method: document.provenance.method,
      combine: combineName(document.combine),
      active: document.active,
      certified: document.certified ?? false,
    },
  };
}

function combineName(combine: PolicyDocument["combine"] = "last"): string {
  return typeof combine === "string" ? combine : "learned";
}
