import type { Judged, Method } from "./judged.ts";
import { mean, standardError } from "../stats/bootstrap.ts";
import type { Metric } from "./metrics.ts";

/** A setting as the rows for choosing show it. */
export interface PointMeans {
  /** Mean milliseconds. */
  readonly cost: number;
  /** Mean loss. */
  readonly loss: number;
  /** Standard error of the loss. */
  readonly error: number;
}

/**
 * Chooses the setting of a method for a level of loss: the cheapest whose loss stays within the level
 * with one standard error to spare. Without the margin, half of all choices would miss their level on
 * new examples; only where it leaves nothing that is faster than the full model, it is waived.
 *
 * @param candidates The settings.
 * @param level The loss that is allowed.
 * @param fullCost Milliseconds of the full model alone.
 * @returns The index of the setting; −1 if none stays within.
 */
export function chooseWithin(
  candidates: readonly PointMeans[],
  level: number,
  fullCost: number,
): number {
  const cheapest = (margin: number) => {
    let chosen = -1;
    candidates.forEach(({ cost, loss, error }, index) => {
      const within = loss + margin * error <= level + 1e-12;
      if (within && cost < (candidates[chosen]?.cost ?? Infinity)) chosen = index;
    });
    return chosen;
  };
  const sure = cheapest(1);
  return (candidates[sure]?.cost ?? Infinity) < fullCost ? sure : cheapest(0);
}

/**
 * Looks at a setting as {@linkcode chooseWithin} does.
 *
 * @param judged What it does on the rows for choosing.
 * @param metric The loss.
 * @returns Its means.
 */
export function pointMeansOf({ cost, loss }: Judged, metric: Metric): PointMeans {
  const values = loss[metric] as Float64Array;
  return { cost: mean(cost), loss: mean(values), error: standardError(values) };
}

/** A method whose settings have been judged on the rows for choosing and on the test rows. */
export interface JudgedMethod {
  /** Name of the method. */
  readonly id: string;
  /** Its settings. */
  readonly points: readonly JudgedPoint[];
}

/** A setting of a {@linkcode JudgedMethod}. */
export interface JudgedPoint {
  /** Name of the setting. */
  readonly id: string;
  /** Means on the rows for choosing, by metric. */
  readonly choice: Readonly<Partial<Record<Metric, PointMeans>>>;
  /** On the test rows, row by row. */
  readonly test: Judged;
  /** Mean milliseconds on the test rows. */
  readonly cost: number;
  /** Mean losses on the test rows. */
  readonly loss: Readonly<Partial<Record<Metric, number>>>;
}

/**
 * Judges every setting of a method.
 *
 * @param method The method.
 * @param rows Rows for choosing, and rows of the test.
 * @param metrics The losses.
 * @returns The means and, on the test rows, the values they come from.
 */
export function judgeMethod(
  method: Method,
  rows: { readonly choice: Int32Array; readonly test: Int32Array },
  metrics: readonly Metric[],
): JudgedMethod {
  const choices = method.judge(rows.choice);
  const points = method.judge(rows.test).map(({ id, ...test }, index): JudgedPoint => {
    const choice = choices[index] as Judged;
    const means = metrics.map((metric) => [metric, mean(test.loss[metric] as Float64Array)]);
    return {
      id,
      choice: Object.fromEntries(metrics.map((metric) => [metric, pointMeansOf(choice, metric)])),
      test,
      cost: mean(test.cost),
      loss: Object.fromEntries(means),
    };
  });
  return { id: method.id, points };
}
