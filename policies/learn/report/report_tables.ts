import type { Report } from "../judge/report.ts";
import { metricsIn } from "../replay/metrics.ts";
import { ms } from "../stats/numbers.ts";
import { comparisonTable, servedTable, speedupTable } from "./method_tables.ts";
import { classTable, exitTable, pointTable } from "./point_tables.ts";
import type { Table } from "./table.ts";

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

function nodeTable({ costs, measured }: Report): Table {
  return {
    title: "What a node costs",
    note: `Warm, one request at a time. ${measured}.`,
    columns: ["node", "cost"],
    rows: Object.entries(costs).map(([node, cost]) => [node, ms(cost)]),
  };
}
