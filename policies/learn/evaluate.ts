import type { PolicyDocument } from "../document.ts";
import { agreementMethod, randomMixMethod } from "./baselines.ts";
import { mean, resampleMeans } from "./bootstrap.ts";
import { claimOf } from "./claim.ts";
import { compareAtLoss, cornersOf } from "./compare.ts";
import { drawCurves } from "./curves.ts";
import { detailPoints, fullRight } from "./detail.ts";
import { alwaysMethod, costAlone, documentMethod, type Method } from "./judged.ts";
import { chooseLevels, levelRow, oracleShare, speedupsOf } from "./level_rows.ts";
import { judgeMethod } from "./levels.ts";
import { LOSS_LEVELS, mainMetric, metricsOf } from "./metrics.ts";
import { oracleMethod } from "./oracle.ts";
import type { Report } from "./report.ts";
import type { Split } from "./split.ts";
import type { Trace } from "./types.ts";

/** Options of {@linkcode evaluate}. */
export interface EvaluateOptions {
  /** Seed of the fits and the resamples. */
  readonly seed: number;
  /** Milliseconds counted for every decision. */
  readonly policyMs: number;
  /**
   * Number of resamples behind every interval.
   *
   * @default 1000
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
  { seed, policyMs, policyMsMeasured, replicates = 1000, labels, hashes, onProgress }:
    EvaluateOptions,
): Report {
  const kind = document.loss ?? (trace.labels ? "signed" : "consistency");
  const metric = mainMetric(trace, kind);
  const metrics = metricsOf(trace);
  const rows = { choice: choiceRows(split), test: split.test };
  const judge = (method: Method) => {
    const judged = judgeMethod(method, rows, metrics);
    onProgress?.(method.id);
    return judged;
  };

  const learned = judge(documentMethod(trace, "learned", document, policyMs));
  const thresholds = baselines.map(judge);
  const always = trace.nodes.map((node) => alwaysMethod(trace, node));
  const oracle = judge(oracleMethod(trace, metric));
  const methods = [
    learned,
    ...thresholds,
    judge(agreementMethod(trace, policyMs)),
    judge(randomMixMethod(always, rows.choice, metric)),
    ...always.map(judge),
    oracle,
  ];

  const fullCost = costAlone(trace, trace.full);
  const chosen = methods.flatMap((method) => chooseLevels(method, metrics, fullCost));
  const series = new Set(chosen.map(({ point }) => point.test.cost));
  const corners = [learned, ...thresholds].flatMap((method) => {
    return cornersOf(method, metric, Math.max(...LOSS_LEVELS));
  });
  for (const { test } of corners) {
    series.add(test.cost).add(test.loss[metric] as Float64Array);
  }
  const means = resampleMeans([...series], { replicates, seed });
  const meansBySeries = new Map([...series].map((values, index) => [values, means[index]]));
  const meansOf = (values: Float64Array) => meansBySeries.get(values) as Float64Array;

  const levels = chosen.map((choice) => {
    return levelRow(choice, { fullCost, oracleCost: oracle.points[0]?.cost, meansOf });
  });
  const comparisons = compareAtLoss(learned, thresholds, metric, LOSS_LEVELS, fullCost, meansOf);
  const fullAccuracy = mean(fullRight(trace, split.test, metric));
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
    curves: drawCurves(methods, always.map(({ id }) => id), metric, fullAccuracy),
    points: detailPoints(trace, split.test, document, learned, {
      metric,
      fullCost,
      policyMs,
      labels,
    }),
    full_accuracy: fullAccuracy,
    costs: trace.cost,
    policy_ms: policyMs,
    policy_ms_measured: policyMsMeasured,
    measured: trace.measured,
    n: {
      train: split.train.length,
      validation: split.validation.length,
      calibration: split.calibration.length,
      test: split.test.length,
    },
    classes: trace.classes,
    seed,
    replicates,
    hashes: { models: trace.models, ...hashes },
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

/** Rows that no policy and no threshold was fitted on, and that are not of the test. */
function choiceRows({ validation, calibration }: Split): Int32Array {
  return Int32Array.from([...validation, ...calibration]).sort();
}
