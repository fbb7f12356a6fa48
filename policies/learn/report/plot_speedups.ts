import { METRICS } from "../replay/metrics.ts";
import { percent } from "../stats/numbers.ts";
import { drawSvg } from "./plot.ts";
import type { Report } from "../judge/report.ts";
import { styleOf } from "./titles.ts";

/**
 * Draws every method's speedup at every loss of the main metric, with its interval.
 *
 * @param report The report.
 * @returns An SVG document.
 */
export function plotSpeedups(report: Report): Promise<string> {
  const levels = report.levels.filter(({ metric, method }) => {
    // The oracle is so far to the right that nothing else could be told apart.
    return metric === report.metric && !/^always_|^oracle$/.test(method);
  });
  const steps = [...new Set(levels.map(({ max_loss }) => max_loss))].toSorted((a, b) => a - b);
  const methods = [...new Set(levels.map(({ method }) => method))];
  const values = levels.map((row) => ({
    title: styleOf(row.method).title,
    color: styleOf(row.method).color,
    speedup: row.speedup,
    low: row.ci95[0],
    high: row.ci95[1],
    met: row.met,
    level: `loss ≤ ${percent(row.max_loss)}`,
  }));
  return drawSvg({
    title: {
      text: "Speedup over the full model alone",
      subtitle: `at a given loss: ${METRICS[report.metric].says}`,
    },
    data: { values },
    facet: {
      column: {
        field: "level",
        type: "nominal",
        sort: steps.map((step) => `loss ≤ ${percent(step)}`),
        header: { title: null },
      },
    },
    spec: {
      width: 148,
      height: { step: 21 },
      layer: intervalLayers(methods.map((method) => styleOf(method).title)),
    },
    resolve: { scale: { x: "shared" } },
  });
}

/** Intervals as lines, speedups as dots on them: hollow where the loss is missed. */
function intervalLayers(titles: readonly string[]) {
  const y = {
    field: "title",
    type: "nominal",
    sort: [...titles],
    axis: { title: null, labelLimit: 320, grid: true },
  } as const;
  const color = { field: "color", type: "nominal", scale: null } as const;
  const axis = { title: "speedup (times)", tickCount: 4 } as const;
  return [
    {
      mark: { type: "rule" as const, strokeWidth: 2 },
      encoding: {
        y,
        color,
        x: { field: "low", type: "quantitative" as const, axis },
        x2: { field: "high" },
      },
    },
    {
      mark: { type: "point" as const, filled: true, size: 60, opacity: 1, strokeWidth: 1.5 },
      encoding: {
        y,
        x: { field: "speedup", type: "quantitative" as const, scale: { zero: false, padding: 8 } },
        stroke: color,
        fill: { condition: { test: "datum.met", ...color }, value: "white" },
      },
    },
  ];
}
