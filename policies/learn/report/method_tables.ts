import type { Interval, LevelRow, Report } from "../judge/report.ts";
import { LOSS_LEVELS, type Metric, METRICS } from "../replay/metrics.ts";
import { percent, times } from "../stats/numbers.ts";
import type { Table } from "./table.ts";
import { styleOf } from "./titles.ts";

/**
 * Every method's speedup at every loss: the table that a terminal shows.
 *
 * @param report The report.
 * @param metric The loss.
 * @returns The table, a row a method.
 */
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
          `${n.validation + n.calibration} other examples; “over” marks one that loses more than ` +
          `that on the test examples.`
        : `on ${n.test} examples, each left out when everything was learned and chosen (${folds} ` +
          `folds). Settings are chosen inside the folds for losses in small steps; shown is the ` +
          `fastest within that loss on the examples left out.` +
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
    `${row.met ? "loses" : "over: loses"} ${percent(row.loss)}`;
}

/** An interval in brackets; nothing where there is no doubt. */
function range([low, high]: Interval): string {
  return high - low < 1e-9 ? "" : ` (${low.toFixed(2)}–${high.toFixed(2)})`;
}

/**
 * What was measured through the server.
 *
 * @param report The report.
 * @returns The table, a row a loss; none if nothing was measured.
 */
export function servedTable({ speedups, metric }: Report): Table[] {
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

/**
 * The learned policy against thresholds at the same loss.
 *
 * @param report The report.
 * @returns The table, a row a threshold.
 */
export function comparisonTable({ comparisons, metric }: Report): Table {
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
