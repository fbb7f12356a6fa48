import type { Report, ReportPoint } from "../judge/report.ts";
import { percent } from "../stats/numbers.ts";
import type { Axes } from "./curve_axes.ts";
import { type Style, styleOf } from "./titles.ts";

const LEARNED = styleOf("learned").color;
const LABEL = { type: "text", fontSize: 12 } as const;

/** A method's curve, ready to be drawn. */
export interface DrawnCurve extends Style {
  /** Its settings. */
  readonly data: readonly Datum[];
}

/** A setting, ready to be drawn. */
type Datum = ReturnType<typeof datum>;

/**
 * Makes a setting ready to be drawn.
 *
 * @param point The setting.
 * @returns Its name, mean cost in milliseconds and accuracy in per cent.
 */
export function datum({ id, cost, accuracy }: ReportPoint) {
  return { id, cost, accuracy: 100 * accuracy };
}

/**
 * Draws one line a method, in the order of cost; that of the first on top.
 *
 * @param lines The methods.
 * @param axes The axes.
 * @returns A layer of Vega-Lite.
 */
export function lineLayer(lines: readonly DrawnCurve[], { x, y }: Axes) {
  // The learned policy is drawn last, on top.
  const drawn = lines.toReversed().flatMap(({ title, data }) => {
    return data.map((point) => ({ ...point, title }));
  });
  const titles = lines.map(({ title }) => title);
  const legend = { title: null, orient: "right", symbolType: "stroke", symbolSize: 500 } as const;
  return {
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
  } as const;
}

/**
 * Draws the learned policy's points, and rings around those that are certified.
 *
 * @param report The report.
 * @param axes The axes.
 * @returns Layers of Vega-Lite, the later ones on top.
 */
export function pointLayers({ points }: Report, { x, y }: Axes) {
  const certified = points.filter(({ certificates }) => certificates.length > 0);
  return [
    {
      data: values(points.map(datum)),
      mark: { type: "point", filled: true, size: 50, opacity: 1, color: LEARNED },
      encoding: { x, y },
    },
    {
      data: values(certified.map(datum)),
      mark: { type: "point", size: 230, strokeWidth: 1.8, color: LEARNED },
      encoding: { x, y },
    },
  ] as const;
}
/**
 * Draws methods that have no curve as single points.
 *
 * @param curves The methods.
 * @param axes The axes.
 * @returns A layer of Vega-Lite.
 */
export function markLayer(curves: readonly DrawnCurve[], { x, y }: Axes) {
  const marks = curves.flatMap(({ title, color, shape, data }) => {
    return data.map((point) => ({ ...point, title, color, shape }));
  });
  return {
    data: values(marks),
    mark: { type: "point", filled: true, size: 70, opacity: 1 },
    encoding: {
      x,
      y,
      color: { field: "color", type: "nominal", scale: null },
      shape: { field: "shape", type: "nominal", scale: null },
    },
  } as const;
}

/**
 * Writes what is proved of the fastest certified point beside it.
 *
 * @param report The report.
 * @param axes The axes.
 * @returns Layers of Vega-Lite, the later ones on top.
 */
export function certificateLayers({ points }: Report, { x, y }: Axes) {
  const certified = points.filter(({ certificates }) => certificates.length > 0);
  const fastest = certified.toSorted((a, b) => b.cost - a.cost).at(-1);
  const data = values(
    fastest ? [{ ...datum(fastest), text: certificateText(fastest.certificates) }] : [],
  );
  const beside = { ...LABEL, align: "left", dx: 12, dy: 14, color: LEARNED } as const;
  const encoding = { x, y, text: { field: "text" } } as const;
  return [
    // A white outline under the letters keeps them readable where lines cross.
    { data, mark: { ...beside, stroke: "white", strokeWidth: 4 }, encoding },
    { data, mark: beside, encoding },
  ] as const;
}

/**
 * Writes the names of single points above them.
 *
 * @param curves Methods that have no curve.
 * @param axes The axes.
 * @returns A layer of Vega-Lite.
 */
export function nameLayer(curves: readonly DrawnCurve[], { x, y }: Axes) {
  const names = curves.flatMap(({ title, data }) => {
    return data.slice(0, 1).map((point) => ({ ...point, text: title.replace(/^always /, "") }));
  });
  return {
    data: values(names),
    mark: { ...LABEL, dy: -13 },
    encoding: { x, y, text: { field: "text" } },
  } as const;
}

function values(list: readonly object[]) {
  return { values: [...list] as Record<string, unknown>[] };
}

function certificateText(certificates: readonly { alpha: number }[]): string {
  return `certified: loss ≤ ${percent(Math.min(...certificates.map(({ alpha }) => alpha)))}`;
}
