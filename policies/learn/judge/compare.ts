import { percentileInterval } from "../stats/bootstrap.ts";
import { costAtLoss, lowerHull } from "./curve.ts";
import type { JudgedMethod, JudgedPoint } from "../replay/levels.ts";
import type { Metric } from "../replay/metrics.ts";
import type { Comparison } from "./report.ts";

/** Gives the means of a series in every resample. */
export type MeansOf = (series: Float64Array) => Float64Array;

/**
 * The settings that a comparison rests on: the corners of a method's curve on the test rows. The
 * others could at most gain by chance.
 *
 * @param method A method.
 * @param metric The loss.
 * @param largest The largest loss of interest.
 * @returns The corners within that loss, and the next beyond.
 */
export function cornersOf(method: JudgedMethod, metric: Metric, largest: number): JudgedPoint[] {
  const corners = lowerHull(method.points.map((point) => {
    return { point, cost: point.cost, loss: point.loss[metric] as number };
  }));
  const within = corners.findIndex(({ loss }) => loss <= largest);
  return corners.slice(Math.max(0, within < 0 ? corners.length - 1 : within - 1))
    .map(({ point }) => point);
}

/** Options of {@linkcode compareAtLoss}. */
export interface CompareOptions {
  /** The loss. */
  readonly metric: Metric;
  /** The losses at which the curves are read. */
  readonly levels: readonly number[];
  /** Milliseconds of the full model alone. */
  readonly fullCost: number;
  /** Means of a series over the resamples. */
  readonly meansOf: MeansOf;
}

/**
 * Compares methods at the same loss on the same test rows. Each method's cost is read from the curve
 * through its {@linkcode cornersOf | corners}, which is drawn anew in every resample; the full model
 * alone belongs to every curve.
 *
 * @param learned The learned policy.
 * @param others The methods that it is compared with.
 * @param options See {@linkcode CompareOptions}.
 * @returns For every level each method, and the best of them under the name `best_threshold`.
 */
export function compareAtLoss(
  learned: JudgedMethod,
  others: readonly JudgedMethod[],
  options: CompareOptions,
): Comparison[] {
  if (others.length === 0) return [];
  const { metric, levels } = options;
  const own = readCurves(learned, options);
  const theirs = others.map((method) => readCurves(method, options));
  const best: Readings = {
    observed: levels.map((_, at) => Math.min(...theirs.map(({ observed }) => observed[at] ?? NaN))),
    resampled: levels.map((_, at) =>
      Float64Array.from(own.resampled[at] as Float64Array, (_, replicate) => {
        return Math.min(...theirs.map(({ resampled }) => resampled[at]?.[replicate] ?? NaN));
      })
    ),
  };
  const compared = [...others.map(({ id }, index) => ({ id, readings: theirs[index] })), {
    id: "best_threshold",
    readings: best,
  }];
  return levels.flatMap((loss, at) =>
    compared.map(({ id, readings }) => {
      const base = own.resampled[at] as Float64Array;
      const ratios = readings?.resampled[at]?.map((cost, index) => cost / (base[index] as number));
      return {
        against: id,
        metric,
        loss,
        ratio: (readings?.observed[at] as number) / (own.observed[at] as number),
        ci95: percentileInterval(ratios as Float64Array),
      };
    })
  );
}

/** A method's cost at every level: on the test rows, and in every resample of them. */
interface Readings {
  readonly observed: readonly number[];
  readonly resampled: readonly Float64Array[];
}

function readCurves(
  method: JudgedMethod,
  { metric, levels, fullCost, meansOf }: CompareOptions,
): Readings {
  const points = cornersOf(method, metric, Math.max(...levels));
  const read = (curve: { cost: number; loss: number }[]) => {
    const hull = lowerHull([...curve, { cost: fullCost, loss: 0 }]);
    // The full model loses nothing, so that the curve is within every level somewhere.
    return levels.map((level) => costAtLoss(hull, level) as number);
  };
  const costs = points.map(({ test }) => meansOf(test.cost));
  const losses = points.map(({ test }) => meansOf(test.loss[metric] as Float64Array));
  const replicates = costs[0]?.length ?? 0;
  const resampled = levels.map(() => new Float64Array(replicates));
  for (let replicate = 0; replicate < replicates; replicate++) {
    const curve = points.map((_, index) => ({
      cost: costs[index]?.[replicate] as number,
      loss: losses[index]?.[replicate] as number,
    }));
    read(curve).forEach((cost, at) => (resampled[at] as Float64Array)[replicate] = cost);
  }
  const observed = read(points.map(({ cost, loss }) => ({ cost, loss: loss[metric] as number })));
  return { observed, resampled };
}
