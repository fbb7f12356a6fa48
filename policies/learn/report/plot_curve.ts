import type { Metric } from "../replay/metrics.ts";
import { percent } from "../stats/numbers.ts";
import { drawSvg, wrapText } from "./plot.ts";
import type { Report, ReportPoint } from "../judge/report.ts";
import { styleOf } from "./titles.ts";

/** What an axis of accuracy says. */
const ACCURACY: Readonly<Record<Metric, string>> = {
  top1: "Top-1 accuracy (%)",
  top1_clipped: "Top-1 accuracy (%)",
  top5: "Top-5 accuracy (%)",
  disagreement: "Agreement with the full model (%)",
};

const LEARNED = styleOf("learned").color;

/**
 * Draws accuracy over cost: every method's curve on the test examples, the nodes by themselves, the
 * oracle, and rings around certified points. Of the pooled thresholds only the best is drawn.
 *
 * @param report The report.
 * @returns An SVG document.
 */
export function plotCurve(report: Report): Promise<string> {
  const pooled = bestPooled(report);
  const curves = report.curves.filter(({ method }) => {
    return !method.endsWith("_pooled") || method === pooled;
  }).map(({ method, points }) => {
    const style = styleOf(method);
    const title = method === pooled ? `${style.title} (best pooled)` : style.title;
    const color = method === pooled ? "#7A5C00" : style.color;
    return { ...style, method, title, color, data: points.map(datum) };
  });
  const lines = curves.filter(({ dash }) => dash !== undefined);
  // The learned policy is drawn last, on top.
  const drawn = lines.toReversed().flatMap(({ title, data }) => {
    return data.map((point) => ({ ...point, title }));
  });
  const marks = curves.filter(({ dash }) => dash === undefined).flatMap((curve) => {
    const { title, color, shape } = curve;
    return curve.data.map((point) => ({ ...point, title, color, shape }));
  });
  const names = curves.filter(({ dash }) => dash === undefined).flatMap(({ title, data }) => {
    return data.slice(0, 1).map((point) => ({ ...point, text: title.replace(/^always /, "") }));
  });
  const certified = report.points.filter(({ certificates }) => certificates.length > 0);
  const fastest = certified.toSorted((a, b) => b.cost - a.cost).at(-1);

  const x = {
    field: "cost",
    type: "quantitative",
    scale: { type: "log", nice: false, padding: 28 },
    axis: {
      title: "Mean cost per request (milliseconds, logarithmic)",
      values: ticks([...drawn, ...marks]),
    },
  } as const;
  const y = {
    field: "accuracy",
    type: "quantitative",
    scale: { zero: false, padding: 14 },
    axis: { title: ACCURACY[report.metric] },
  } as const;
  const titles = lines.map(({ title }) => title);
  const legend = { title: null, orient: "right", symbolType: "stroke", symbolSize: 500 } as const;
  const text = { field: "text" } as const;
  const examples = report.cross_validation
    ? `${report.n.test} examples, cross-validated`
    : `${report.n.test} test examples`;
  const values = (list: readonly object[]) => ({ values: [...list] as Record<string, unknown>[] });
  const label = { type: "text", fontSize: 12 } as const;
  const certificate = values(
    fastest ? [{ ...datum(fastest), text: certificateText(fastest.certificates) }] : [],
  );
  const beside = { ...label, align: "left", dx: 12, dy: 14, color: LEARNED } as const;
  return drawSvg({
    title: {
      text: `${report.pair}: accuracy against cost`,
      subtitle: wrapText(`${examples}; ${report.measured}`, 105),
    },
    width: 600,
    height: 400,
    layer: [
      {
        data: values(drawn),
        mark: { type: "line", strokeWidth: 2 },
        encoding: {
          x,
          y,
          color: {
            field: "title",
            type: "nominal",
            scale: { domain: titles, range: lines.map(({ color }) => color) },
            legend,
          },
          strokeDash: {
            field: "title",
            type: "nominal",
            scale: { domain: titles, range: lines.map(({ dash }) => [...dash ?? []]) },
            legend: null,
          },
          order: { field: "cost" },
        },
      },
      {
        data: values(report.points.map(datum)),
        mark: { type: "point", filled: true, size: 50, opacity: 1, color: LEARNED },
        encoding: { x, y },
      },
      {
        data: values(certified.map(datum)),
        mark: { type: "point", size: 230, strokeWidth: 1.8, color: LEARNED },
        encoding: { x, y },
      },
      {
        data: values(marks),
        mark: { type: "point", filled: true, size: 70, opacity: 1 },
        encoding: {
          x,
          y,
          color: { field: "color", type: "nominal", scale: null },
          shape: { field: "shape", type: "nominal", scale: null },
        },
      },
      // A white outline under the letters keeps them readable where lines cross.
      {
        data: certificate,
        mark: { ...beside, stroke: "white", strokeWidth: 4 },
        encoding: { x, y, text },
      },
      { data: certificate, mark: beside, encoding: { x, y, text } },
      { data: values(names), mark: { ...label, dy: -13 }, encoding: { x, y, text } },
    ],
  });
}

/** The pooled threshold whose curve has the largest area. */
function bestPooled(report: Report): string | undefined {
  const pooled = report.curves.filter(({ method }) => method.endsWith("_pooled"));
  return pooled.toSorted((a, b) => (b.area ?? 0) - (a.area ?? 0))[0]?.method;
}

function datum({ id, cost, accuracy }: ReportPoint) {
  return { id, cost, accuracy: 100 * accuracy };
}

function certificateText(certificates: readonly { alpha: number }[]): string {
  return `certified: loss ≤ ${percent(Math.min(...certificates.map(({ alpha }) => alpha)))}`;
}

/** 1, 2 and 5 times the powers of ten that the costs span. */
function ticks(values: readonly { readonly cost: number }[]): number[] {
  const costs = values.map(({ cost }) => cost);
  const [low, high] = [Math.min(...costs), Math.max(...costs)];
  const powers = Array.from({ length: 13 }, (_, index) => index - 6);
  return powers.flatMap((power) => [1, 2, 5].map((step) => Number(`${step}e${power}`)))
    .filter((tick) => tick > low / 1.5 && tick < high * 1.5);
}
