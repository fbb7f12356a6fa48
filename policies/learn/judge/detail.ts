import { bindPolicy, type BoundPolicy } from "../../bind.ts";
import type { PolicyDocument } from "../../document.ts";
import { mean, quantile } from "../stats/bootstrap.ts";
import type { JudgedMethod, JudgedPoint } from "../replay/levels.ts";
import { fullAnswers } from "../trace/loss.ts";
import type { Metric } from "../replay/metrics.ts";
import { costOfPath } from "../replay/run_points.ts";
import type { ClassLoss, PointDetail, ReportPoint } from "./report.ts";
import type { Trace } from "../trace/types.ts";

/** What {@linkcode detailPoints} describes. */
export interface DetailSubject {
  /** The trace. */
  readonly trace: Trace;
  /** The test rows. */
  readonly rows: Int32Array;
  /** The policy. */
  readonly document: PolicyDocument;
}

/** Options of {@linkcode detailPoints}. */
export interface DetailOptions {
  /** The metric of losses per class. */
  readonly metric: Metric;
  /** Milliseconds of the full model alone. */
  readonly fullCost: number;
  /** Milliseconds counted for every decision. */
  readonly policyMs: number;
  /** Names of the classes. */
  readonly labels?: readonly string[] | undefined;
}

/**
 * Describes every point of a policy.
 *
 * @param subject See {@linkcode DetailSubject}.
 * @param judged The policy judged on the test rows, point by point.
 * @param options See {@linkcode DetailOptions}.
 * @returns The points in the order of the document.
 */
export function detailPoints(
  { trace, rows, document }: DetailSubject,
  judged: JudgedMethod,
  { metric, fullCost, policyMs, labels }: DetailOptions,
): PointDetail[] {
  const worst = worstCost(trace, bindPolicy(document, trace), policyMs);
  const right = fullRight(trace, rows, metric);
  return judged.points.map((point, index) => {
    const source = document.points[index] as PolicyDocument["points"][number];
    const sorted = point.test.cost.toSorted();
    return {
      ...reportPoint(point, metric, mean(right)),
      active: source.id === document.active,
      speedup: fullCost / point.cost,
      p50: quantile(sorted, 0.5),
      p95: quantile(sorted, 0.95),
      p99: quantile(sorted, 0.99),
      worst,
      exits: point.test.exits,
      classes: lossByClass(trace, rows, {
        right,
        loss: point.test.loss[metric] as Float64Array,
        names: labels,
      }),
      certificates: source.certificates ?? [],
      cost_bound: source.cost_bound,
      disagreement: source.disagreement,
    };
  });
}

/**
 * Cost of the most expensive path that a policy may take.
 *
 * @param trace The trace.
 * @param policy The policy.
 * @param policyMs Milliseconds of every decision.
 * @returns Milliseconds.
 */
function worstCost(trace: Trace, policy: BoundPolicy, policyMs: number): number {
  return Math.max(...policy.states.map(({ path }) => costOfPath(trace, path, policyMs)));
}

/**
 * What the full model's accuracy is the mean of.
 *
 * @param trace The trace.
 * @param rows Rows of the trace.
 * @param metric A metric; for disagreement the full model is always right.
 * @returns 1 where the full model is right, else 0.
 */
export function fullRight(trace: Trace, rows: Int32Array, metric: Metric): Float64Array {
  if (metric === "disagreement") return new Float64Array(rows.length).fill(1);
  const full = fullAnswers(trace, rows);
  return Float64Array.from(full.rank, (rank) => Number(rank < (metric === "top5" ? 5 : 1)));
}

/**
 * The means of a setting.
 *
 * @param point The setting.
 * @param metric The metric of the accuracy.
 * @param fullAccuracy Accuracy of the full model alone, [0, 1].
 * @returns Milliseconds, losses and accuracy, over the test rows.
 */
export function reportPoint(
  { id, cost, loss }: JudgedPoint,
  metric: Metric,
  fullAccuracy: number,
): ReportPoint {
  return { id, cost, loss, accuracy: fullAccuracy - (loss[metric] as number) };
}

function lossByClass(
  trace: Trace,
  rows: Int32Array,
  { right, loss, names }: {
    readonly right: Float64Array;
    readonly loss: Float64Array;
    readonly names: readonly string[] | undefined;
  },
): ClassLoss[] {
  const classes = trace.labels;
  if (!classes) return [];
  const groups = Map.groupBy(rows.keys(), (index) => classes[rows[index] as number] as number);
  return [...groups].toSorted(([a], [b]) => a - b).map(([label, indices]) => ({
    label: names?.[label] ?? String(label),
    n: indices.length,
    full: indices.reduce((sum, index) => sum + (right[index] as number), 0) / indices.length,
    loss: indices.reduce((sum, index) => sum + (loss[index] as number), 0) / indices.length,
  }));
}
