import {
  LOSS_LEVELS,
  type Metric,
  percent,
  type Report,
  type Speedup,
  times,
} from "../../policies/learn/mod.ts";
import { sayInterval } from "./measured.ts";

function cell(row: Speedup | undefined): string {
  if (!row) return "–";
  return `${times(row.speedup)} (${sayInterval(row.ci95)}) at ${percent(row.loss)}`;
}

/**
 * Writes the speedup of every method at every loss, by the costs of the trace.
 *
 * @param reports The reports, one per pair.
 * @param metric What counts as a loss; each report's own unless given.
 * @returns A table of Markdown.
 */
export function traceTable(reports: readonly Report[], metric?: Metric): string {
  const rows = reports.flatMap((report) => {
    const own = report.speedups.filter((row) => {
      return row.basis === "trace" && row.metric === (metric ?? report.metric);
    });
    return LOSS_LEVELS.map((level) => {
      const at = own.filter(({ max_loss }) => max_loss === level);
      const best = at.filter(({ method }) => method.startsWith("threshold_"))
        .toSorted((a, b) => b.speedup - a.speedup)[0];
      const cells = [
        at.find(({ method }) => method === "learned"),
        best,
        at.find(({ method }) => method === "oracle"),
      ].map(cell);
      return `| ${report.pair} | ${percent(level)} | ${cells.join(" | ")} |`;
    });
  });
  return [
    "| pair | loss allowed | learned policy | best threshold within that loss | label oracle |",
    "|---|---|---|---|---|",
    ...rows,
  ].join("\n");
}
