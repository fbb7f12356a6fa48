import type { Metric } from "../replay/metrics.ts";

/** What an axis of accuracy says. */
const ACCURACY: Readonly<Record<Metric, string>> = {
  top1: "Top-1 accuracy (%)",
  top1_clipped: "Top-1 accuracy (%)",
  top5: "Top-5 accuracy (%)",
  disagreement: "Agreement with the full model (%)",
};

/**
 * The axes of accuracy over cost, as Vega-Lite has them.
 *
 * @param metric The metric of the accuracy.
 * @param costs All that are drawn, milliseconds.
 * @returns The encodings of a point with a `cost`, milliseconds, and an `accuracy`, per cent.
 */
export function axesOf(metric: Metric, costs: readonly number[]) {
  const x = {
    field: "cost",
    type: "quantitative",
    scale: { type: "log", nice: false, padding: 28 },
    axis: {
      title: "Mean cost per request (milliseconds, logarithmic)",
      values: ticks(costs),
    },
  } as const;
  const y = {
    field: "accuracy",
    type: "quantitative",
    scale: { zero: false, padding: 14 },
    axis: { title: ACCURACY[metric] },
  } as const;
  return { x, y };
}

/** What {@linkcode axesOf} gives. */
export type Axes = ReturnType<typeof axesOf>;

/** 1, 2 and 5 times the powers of ten that the costs span. */
function ticks(costs: readonly number[]): number[] {
  const [low, high] = [Math.min(...costs), Math.max(...costs)];
  const powers = Array.from({ length: 13 }, (_, index) => index - 6);
  return powers.flatMap((power) => [1, 2, 5].map((step) => Number(`${step}e${power}`)))
    .filter((tick) => tick > low / 1.5 && tick < high * 1.5);
}
