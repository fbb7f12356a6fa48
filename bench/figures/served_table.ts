import { percent } from "../../policies/learn/mod.ts";
import type { ServedRow } from "../shared/compare.ts";
import { sayInterval } from "./measured.ts";

/**
 * Writes what every policy did through the server.
 *
 * @param rows The policies.
 * @returns A table of Markdown.
 */
export function servedTable(rows: readonly ServedRow[]): string {
  return [
    "| pair | policy | accuracy | accuracy given up | mean ms | median ms | p99 ms | speedup | exits |",
    "|---|---|---|---|---|---|---|---|---|",
    ...rows.map((row) => {
      const interval = row.speedup === 1 ? "" : ` (${sayInterval(row.ci95)})`;
      return `| ${row.pair} | ${row.policy} | ${percent(row.accuracy)} | ${percent(row.loss)} | ` +
        `${row.mean_ms.toFixed(2)} | ${row.median_ms.toFixed(2)} | ${row.p99_ms.toFixed(2)} | ` +
        `${row.speedup.toFixed(2)}×${interval} | ${row.exits} |`;
    }),
  ].join("\n");
}
