import type { Report } from "../judge/report.ts";
import { axesOf } from "./curve_axes.ts";
import {
  certificateLayers,
  datum,
  type DrawnCurve,
  lineLayer,
  markLayer,
  nameLayer,
  pointLayers,
} from "./curve_layers.ts";
import { drawSvg, wrapText } from "./plot.ts";
import { styleOf } from "./titles.ts";

/**
 * Draws accuracy over cost: every method's curve on the test examples, the nodes by themselves, the
 * oracle, and rings around certified points. Of the pooled thresholds only the best is drawn.
 *
 * @param report The report.
 * @returns An SVG document.
 */
export function plotCurve(report: Report): Promise<string> {
  const curves = drawnCurves(report);
  const axes = axesOf(
    report.metric,
    curves.flatMap(({ data }) => data.map(({ cost }) => cost)),
  );
  const singles = curves.filter(({ dash }) => dash === undefined);
  const examples = report.cross_validation
    ? `${report.n.test} examples, cross-validated`
    : `${report.n.test} test examples`;
  return drawSvg({
    title: {
      text: `${report.pair}: accuracy against cost`,
      subtitle: wrapText(`${examples}; ${report.measured}`, 105),
    },
    width: 600,
    height: 400,
    layer: [
      lineLayer(curves.filter(({ dash }) => dash !== undefined), axes),
      ...pointLayers(report, axes),
      markLayer(singles, axes),
      ...certificateLayers(report, axes),
      nameLayer(singles, axes),
    ],
  });
}

function drawnCurves(report: Report): DrawnCurve[] {
  const pooled = bestPooled(report);
  return report.curves.filter(({ method }) => {
    return !method.endsWith("_pooled") || method === pooled;
  }).map(({ method, points }) => {
    const style = styleOf(method);
    const title = method === pooled ? `${style.title} (best pooled)` : style.title;
    const color = method === pooled ? "#7A5C00" : style.color;
    return { ...style, title, color, data: points.map(datum) };
  });
}

/** The pooled threshold whose curve has the largest area. */
function bestPooled(report: Report): string | undefined {
  const pooled = report.curves.filter(({ method }) => method.endsWith("_pooled"));
  return pooled.toSorted((a, b) => (b.area ?? 0) - (a.area ?? 0))[0]?.method;
}
