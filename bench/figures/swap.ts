import type { Row } from "../swap/summarise.ts";
import { readMeasured, sayMachine } from "./measured.ts";

/** Writes what swapping policies under load did to the requests. */
export async function writeSwap(): Promise<string> {
  const { machine, rows } = await readMeasured<Row>("swap");
  const [calm, swapping] = rows as [Row, Row];
  const requests = rows.reduce((sum, row) => sum + row.requests, 0);
  const failed = rows.reduce((sum, row) => sum + row.failed + row.wrong, 0);
  return `Under load (8 connections, both pairs, two workers; ${
    sayMachine(machine)
  }, ${machine.date}): ${swapping.swaps} swaps in
${swapping.seconds} s between two very different policies, each stored in files and confirmed after ${swapping.swap_ms} ms (median). ${failed} of ${requests}
requests failed or got an answer that differs from that of the version it names (every answer was computed again). The 99.9th
percentile of the time of a request was ${swapping.p99_9_ms} ms, against ${calm.p99_9_ms} ms under the same load without swaps in the same
run: ${swapping.p99_9_ratio}×. \`deno task bench:swap\` repeats it.`;
}
