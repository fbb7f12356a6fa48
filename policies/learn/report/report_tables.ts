import type { Certificate } from "../../document.ts";
import { LOSS_LEVELS, type Metric, METRICS, metricsIn } from "../replay/metrics.ts";
import { ms, percent, times } from "../stats/numbers.ts";
import type { Interval, LevelRow, PointDetail, Report } from "../judge/report.ts";
import { styleOf } from "./titles.ts";

/** A table of a report, ready to be written as text. */
export interface Table {
  /** Heading. */
  readonly title: string;
  /** What one should know to read it. */
  readonly note: string;
  /** Titles of the columns; the first column names the row. */
  readonly columns: readonly string[];
  /** Cells, as many a row as there are columns; a cell may have several lines. */
  readonly rows: readonly (readonly string[])[];
}

/**
 * Lays out a report as tables.
 *
 * @param report The report.
 * @returns The tables, the most important first.
 */
export function reportTables(report: Report): Table[] {
  const metrics = [report.metric, ...metricsIn(report).filter((name) => name !== report.metric)];
  return [
    ...metrics.map((metric) => speedupTable(report, metric)),
    ...servedTable(report),
    comparisonTable(report),
    pointTable(report),
    exitTable(report),
    ...classTable(report),
    nodeTable(report),
  ];
}

/** The table that a terminal shows. */
export function speedupTable(
  { levels, n, curves, cross_validation, metric: main }: Report,
  metric: Metric,
): Table {
  const folds = cross_validation?.folds;
  const own = levels.filter((row) => row.metric === metric);
  const steps = LOSS_LEVELS;
  return {
    title: `Speedup over the full model, by ${METRICS[metric].says}`,
    note: `Mean cost of the full model alone over the method's, with 95% interval, then the loss ` +
      (folds === undefined
        ? `on the ${n.test} test examples. The setting for a loss is chosen on ` +
          `${
            n.validation + n.calibration
          } other examples; “misses” marks one that loses more than ` +
          `that on the test examples.`
        : `on ${n.test} examples, each left out when everything was learned and chosen (${folds} ` +
          `folds). Settings are chosen inside the folds for losses in small steps; shown is the ` +
          `fastest that kept to the loss on what was left out.` +
          (metric === main ? "" : ` They were chosen for another loss: ${METRICS[main].says}.`)),
    columns: ["method", ...steps.map((level) => `loss ≤ ${percent(level)}`)],
    rows: curves.map(({ method }) => [
      styleOf(method).title,
      ...steps.map((level) =>
        levelCell(own.find((row) => row.method === method && row.max_loss === level))
      ),
    ]),
  };
}

function levelCell(row: LevelRow | undefined): string {
  if (!row) return "–";
  return `${times(row.speedup)}${range(row.ci95)}\n` +
    `${row.met ? "loses" : "misses: loses"} ${percent(row.loss)}`;
}

/** An interval in brackets; nothing where there is no doubt. */
function range([low, high]: Interval): string {
  return high - low < 1e-9 ? "" : ` (${low.toFixed(2)}–${high.toFixed(2)})`;
}

function servedTable({ speedups, metric }: Report): Table[] {
  const served = speedups.filter(({ basis }) => basis === "served");
  if (served.length === 0) return [];
  return [{
    title: "Measured through the server",
    note:
      "Wall-clock over HTTP, one request at a time, the policy and the full model alone taking " +
      "turns on the test examples; the interval is that of the mean times. What a request costs " +
      "whatever the model makes these speedups smaller than those of the networks alone.",
    columns: ["loss allowed", "speedup", METRICS[metric].says],
    rows: served.map(({ max_loss, speedup, ci95, loss }) => {
      return [percent(max_loss), `${times(speedup)}${range(ci95)}`, percent(loss)];
    }),
  }];
}

function comparisonTable({ comparisons, metric }: Report): Table {
  const own = comparisons.filter((row) => row.metric === metric);
  const losses = [...new Set(own.map(({ loss }) => loss))];
  const others = [...new Set(own.map(({ against }) => against))];
  return {
    title: "Learned against thresholds at the same loss",
    note:
      "The threshold's cost over the learned policy's, both read from their curves on the test " +
      "examples at exactly this loss, with paired 95% interval; above 1 the learned policy is " +
      "faster. The best threshold is the cheapest of all in each resample.",
    columns: ["against", ...losses.map((loss) => `at ${percent(loss)}`)],
    rows: others.map((against) => [
      against === "best_threshold" ? "the best threshold" : styleOf(against).title,
      ...losses.map((loss) => {
        const row = own.find((one) => one.against === against && one.loss === loss);
        return row ? `${times(row.ratio)}${range(row.ci95)}` : "–";
      }),
    ]),
  };
}

function pointTable({ points, metric, n, cross_validation }: Report): Table {
  return {
    title: "Operating points of the learned policy",
    note:
      (cross_validation
        ? `On ${n.calibration} examples that nothing was learned from; certificates rest on them. `
        : `On the ${n.test} test examples; certificates rest on ${n.calibration} other examples. `) +
      "Worst is the cost of the dearest way through the graph that the policy may take.",
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

function exitTable({ points }: Report): Table {
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
export function shownPoint({ points }: Report): PointDetail | undefined {
  return points.find(({ active }) => active) ?? points[0];
}

/** Most classes that a table lists. */
const MAX_CLASSES = 20;

function classTable(report: Report): Table[] {
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

function nodeTable({ costs, measured }: Report): Table {
  return {
    title: "What a node costs",
    note: `Warm, one request at a time. ${measured}.`,
    columns: ["node", "cost"],
    rows: Object.entries(costs).map(([node, cost]) => [node, ms(cost)]),
  };
}
