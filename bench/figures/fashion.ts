import { percent, times } from "../../policies/learn/mod.ts";
import type { ServedRow } from "../shared/compare.ts";
import { readMeasured, readReport, sayInterval, sayMachine } from "./measured.ts";
import { servedTable } from "./served_table.ts";
import { sayThreshold } from "./thresholds.ts";
import { traceTable } from "./trace_table.ts";

/** How fast `/healthz` answers, as bench/health.json has it. */
interface HealthRow {
  readonly median_ms: number;
  readonly p99_ms: number;
  readonly n: number;
}

/** Writes the results on Fashion-MNIST, by the costs of the trace and through the server. */
export async function writeFashion(): Promise<string> {
  const [first, exits] = [
    await readReport("fashion-mnist"),
    await readReport("fashion-mnist-exits"),
  ];
  const learned = first.speedups.find(({ method, metric, basis, max_loss }) => {
    return method === "learned" && metric === first.metric && basis === "trace" &&
      max_loss === first.claim.loss;
  });
  if (!learned) throw new Error("fashion-mnist: no point within the loss of the claim");
  const { machine, rows } = await readMeasured<ServedRow>("served");
  const [idle, busy] = (await readMeasured<HealthRow>("health")).rows;
  return `![Accuracy against cost of fashion-mnist](../reports/fashion-mnist/plot.svg)

**With a loss of ${percent(first.claim.loss)} allowed, the learned policy of fashion-mnist is ${
    times(learned.speedup)
  } (${sayInterval(learned.ci95)}) as fast as
its full model alone and gives up ${percent(learned.loss)} of top-1 accuracy.** ${
    sayThreshold(first)
  }

By the cost of the networks alone, on ${first.n.test} held-out test examples; reports:
[fashion-mnist](../reports/fashion-mnist/report.md), [fashion-mnist-exits](../reports/fashion-mnist-exits/report.md);
costs: ${first.measured}.
\`deno task learn fashion-mnist\` repeats it from the trace that ships, in twenty seconds.

${traceTable([first, exits])}

Wall-clock time through the server: over HTTP, PNG in and JSON out, one request at a time, every policy taking turns with
the full model image by image; n = ${rows[0]?.n} test images; ${
    sayMachine(machine)
  }, one worker each, ONNX Runtime Web on
WebAssembly, ${machine.date}. About a millisecond of each request does not depend on the networks and is included.
\`deno task data\`, then \`deno task bench:served\` repeat it.

${servedTable(rows)}

\`/healthz\` answers in ${busy?.median_ms.toFixed(1)} ms (median; 99th percentile ${
    busy?.p99_ms.toFixed(1)
  } ms; n = ${busy?.n}) while 50 requests run on \`large\`, and in
${idle?.median_ms.toFixed(1)} ms (${idle?.p99_ms.toFixed(1)} ms) without load.`;
}
