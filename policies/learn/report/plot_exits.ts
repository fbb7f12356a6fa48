import { drawSvg } from "./plot.ts";
import { times } from "../stats/numbers.ts";
import type { Report } from "../judge/report.ts";

/** From light (cheap) to dark (full): steps that differ in lightness, whatever the eye. */
const SHADES = ["#c6dbef", "#6baed6", "#2171b5", "#08306b"] as const;

/**
 * Draws at which node the test examples exit, for every point of the policy.
 *
 * @param report The report.
 * @returns An SVG document.
 */
export function plotExits(report: Report): Promise<string> {
  const nodes = report.points[0]?.exits.map(({ node }) => node) ?? [];
  const values = report.points.flatMap(({ id, speedup, exits }) =>
    exits.map(({ node, share }, order) => {
      return { point: `${id} (${times(speedup)})`, node, share: 100 * share, order };
    })
  );
  return drawSvg({
    title: {
      text: "Where inputs exit",
      subtitle: "share of the test examples, by operating point",
    },
    width: 620,
    height: { step: 24 },
    data: { values },
    mark: { type: "bar", height: 17, stroke: "white", strokeWidth: 0.5 },
    encoding: {
      y: {
        field: "point",
        type: "nominal",
        sort: [...new Set(values.map(({ point }) => point))],
        axis: { title: "operating point (speedup)" },
      },
      x: {
        field: "share",
        type: "quantitative",
        scale: { domain: [0, 100] },
        axis: { title: "test examples (%)" },
      },
      order: { field: "order", type: "quantitative" },
      color: {
        field: "node",
        type: "nominal",
        scale: { domain: nodes, range: nodes.map((_, index) => shadeOf(index, nodes.length)) },
        legend: { title: "exit at" },
      },
    },
  });
}

function shadeOf(index: number, count: number): string {
  const position = count < 2 ? SHADES.length - 1 : index * (SHADES.length - 1) / (count - 1);
  return SHADES[Math.round(position)] as string;
}
