import { percentileInterval } from "../stats/bootstrap.ts";
import type { MeansOf } from "./compare.ts";
import { chooseWithin, type JudgedMethod, type JudgedPoint } from "../replay/levels.ts";
import { CLAIM_LEVEL, LOSS_LEVELS, type Metric } from "../replay/metrics.ts";
import type { LevelRow, Speedup } from "./report.ts";

/** The setting that a method chooses for a level of loss. */
export interface LevelChoice {
  /** Name of the method. */
  readonly method: string;
  /** The loss. */
  readonly metric: Metric;
  /** How much of it is allowed. */
  readonly level: number;
  /** The setting. */
  readonly point: JudgedPoint;
}

/**
 * Lets a method choose its setting for every level of every loss, on the rows for choosing.
 *
 * @param method The method.
 * @param metrics The losses.
 * @param fullCost Milliseconds of the full model alone.
 * @returns The choices; none for a level that no setting stays within.
 */
export function chooseLevels(
  method: JudgedMethod,
  metrics: readonly Metric[],
  fullCost: number,
): LevelChoice[] {
  return metrics.flatMap((metric) => {
    const candidates = method.points.flatMap(({ choice }) => choice[metric] ?? []);
    return LOSS_LEVELS.flatMap((level) => {
      const point = method.points[chooseWithin(candidates, level, fullCost)];
      return point ? [{ method: method.id, metric, level, point }] : [];
    });
  });
}

/** What a level is measured with. */
export interface LevelMeasures {
  /** Milliseconds of the full model alone. */
  readonly fullCost: number;
  /** Mean milliseconds of the oracle, if there is one. */
  readonly oracleCost: number | undefined;
  /** Means of a series over the resamples. */
  readonly meansOf: MeansOf;
}

/**
 * Says what a choice comes to on the test rows.
 *
 * @param choice The choice.
 * @param measures See {@linkcode LevelMeasures}.
 * @returns The row of the report.
 */
export function levelRow(
  { method, metric, level, point }: LevelChoice,
  { fullCost, oracleCost = fullCost, meansOf }: LevelMeasures,
): LevelRow {
  const loss = point.loss[metric] as number;
  const saving = fullCost - point.cost;
  const most = fullCost - oracleCost;
  return {
    method,
    metric,
    basis: "trace",
    max_loss: level,
    loss,
    speedup: fullCost / point.cost,
    ci95: percentileInterval(meansOf(point.test.cost).map((cost) => fullCost / cost)),
    point: point.id,
    met: loss <= level + 1e-12,
    oracle_share: most > 0 ? saving / most : null,
  };
}

/**
 * Every method at every loss that it meets on the test rows: with its choice for that level, or else,
 * where that one loses too much, with its choice for the next lower level that does not.
 *
 * @param levels Rows of one basis, levels ascending within a method and a metric.
 * @returns The speedups.
 */
export function speedupsOf(levels: readonly LevelRow[]): Speedup[] {
  return levels.flatMap(({ method, metric, basis, max_loss }) => {
    const met = levels.findLast((row) => {
      return row.method === method && row.metric === metric && row.max_loss <= max_loss &&
        row.loss <= max_loss + 1e-12;
    });
    if (!met) return [];
    const { loss, speedup, ci95 } = met;
    return [{ method, metric, basis, max_loss, loss, speedup, ci95 }];
  });
}

/**
 * The learned policy's share of the oracle's saving within the loss of the claim.
 *
 * @param levels Rows, levels ascending.
 * @param metric The metric of the claim.
 * @returns The share; `null` if no level is met, or the oracle saves nothing.
 */
export function oracleShare(levels: readonly LevelRow[], metric: Metric): number | null {
  return levels.findLast((row) => {
    return row.method === "learned" && row.metric === metric && row.max_loss <= CLAIM_LEVEL &&
      row.loss <= CLAIM_LEVEL + 1e-12;
  })?.oracle_share ?? null;
}
