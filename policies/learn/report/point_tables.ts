import type { Certificate } from "../../document.ts";
import type { PointDetail, Report } from "../judge/report.ts";
import { METRICS } from "../replay/metrics.ts";
import { ms, percent, times } from "../stats/numbers.ts";
import type { Table } from "./table.ts";

/**
 * What every operating point costs and loses, and what is proved of it.
 *
 * @param report The report.
 * @returns The table, a row a point.
 */
export function pointTable({ points, metric, n, cross_validation }: Report): Table {
  return {
    title: "Operating points of the learned policy",
    note:
      (cross_validation
        ? `On ${n.calibration} examples that nothing was learned from; certificates rest on them. `
        : `On the ${n.test} test examples; certificates rest on ${n.calibration} other examples. `) +
      "Worst is the cost of the most expensive path through the graph that the policy may take.",
    columns: [
      "point",
      "speedup",
      METRICS[metric].says,
      "mean",
      "p50",
      "p95",
      "p99",
      "worst",
      "certified loss",
      "certified cost",
      "certified disagreement",
    ],
    rows: points.map((point) => [
      point.active ? `${point.id} (active)` : point.id,
      times(point.speedup),
      percent(point.loss[metric] as number),
      ...[point.cost, point.p50, point.p95, point.p99, point.worst].map(ms),
      certificateCell(point.certificates),
      point.cost_bound ? `≤ ${ms(point.cost_bound.bound)}` : "–",
      point.disagreement ? `≤ ${percent(point.disagreement.bound)}` : "–",
    ]),
  };
}

function certificateCell(certificates: readonly Certificate[]): string {
  const [tightest] = certificates.toSorted((a, b) => a.alpha - b.alpha);
  if (!tightest) return "none";
  const { alpha, delta, method, n } = tightest;
  return `≤ ${percent(alpha)}\nδ = ${percent(delta)}, ${method}, n = ${n}`;
}

/**
 * Where inputs exit at every operating point.
 *
 * @param report The report.
 * @returns The table, a row a point.
 */
export function exitTable({ points }: Report): Table {
  const nodes = points[0]?.exits.map(({ node }) => node) ?? [];
  return {
    title: "Where inputs exit",
    note: "Share of the test examples that exit at a node, and the error of their answers.",
    columns: ["point", ...nodes],
    rows: points.map(({ id, exits }) => [
      id,
      ...exits.map(({ share, error }) => {
        return percent(share, 1) + (error === null ? "" : `\nerror ${percent(error, 1)}`);
      }),
    ]),
  };
}

/** The point whose classes are shown: the one that is served. */
function shownPoint({ points }: Report): PointDetail | undefined {
  return points.find(({ active }) => active) ?? points[0];
}

/** Most classes that a table lists. */
const MAX_CLASSES = 20;

/**
 * The loss per class at the point that is served.
 *
 * @param report The report.
 * @returns The table, a row a class, the largest loss first; none without labels.
 */
export function classTable(report: Report): Table[] {
  const point = shownPoint(report);
  if (!point || point.classes.length === 0) return [];
  const sorted = point.classes.toSorted((a, b) => b.loss - a.loss).slice(0, MAX_CLASSES);
  const left = point.classes.length - sorted.length;
  return [{
    title: `Loss per class at the point ${point.id}`,
    note: `${METRICS[report.metric].says}, largest first` +
      (left > 0 ? `; ${left} more classes are in report.json.` : "."),
    columns: ["class", "examples", "full model's accuracy", "loss"],
    rows: sorted.map((
      { label, n, full, loss },
    ) => [label, `${n}`, percent(full, 1), percent(loss)]),
  }];
}
