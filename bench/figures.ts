/**
 * Writes the figures of README.md between their markers, from what `deno task learn` and
 * `deno task bench:served` measured.
 *
 * ```
 * deno task figures
 * ```
 *
 * @module
 */

import { type Interval, percent, type Report, times } from "../policies/learn/mod.ts";

const ROOT = new URL("../", import.meta.url);
const PAIRS = ["fashion-mnist", "fashion-mnist-exits"];

interface ServedRow {
  readonly pair: string;
  readonly policy: string;
  readonly accuracy: number;
  readonly loss: number;
  readonly mean_ms: number;
  readonly median_ms: number;
  readonly p99_ms: number;
  readonly speedup: number;
  readonly ci95: Interval;
  readonly exits: string;
  readonly n: number;
}

async function readJson<T>(path: string): Promise<T> {
  return JSON.parse(await Deno.readTextFile(new URL(path, ROOT)));
}

function traceTable(reports: readonly Report[]): string {
  const rows = reports.flatMap(({ pair, metric, levels }) => {
    const own = levels.filter((row) => row.metric === metric);
    return [...new Set(own.map(({ max_loss }) => max_loss))].map((level) => {
      const cell = (method: string) => {
        const row = own.find((one) => one.method === method && one.max_loss === level);
        if (!row) return "–";
        return `${times(row.speedup)} (${row.ci95.map((x) => x.toFixed(2)).join("–")}) at ${
          percent(row.loss)
        }`;
      };
      const thresholds = own.filter(({ method, max_loss, met }) => {
        return method.startsWith("threshold_") && max_loss === level && met;
      });
      const best = thresholds.toSorted((a, b) => b.speedup - a.speedup)[0];
      return `| ${pair} | ${percent(level)} | ${cell("learned")} | ${
        best ? cell(best.method) : "–"
      } | ${cell("oracle")} |`;
    });
  });
  return [
    "| pair | loss allowed | learned | best threshold that kept to it | label oracle |",
    "|---|---|---|---|---|",
    ...rows,
  ].join("\n");
}

function servedTable(rows: readonly ServedRow[]): string {
  return [
    "| pair | policy | accuracy | given up | mean ms | median ms | p99 ms | speedup | exits |",
    "|---|---|---|---|---|---|---|---|---|",
    ...rows.map((row) => {
      const interval = row.speedup === 1 ? "" : ` (${row.ci95.map((x) => x.toFixed(2)).join("–")})`;
      return `| ${row.pair} | ${row.policy} | ${percent(row.accuracy)} | ${percent(row.loss)} | ` +
        `${row.mean_ms.toFixed(2)} | ${row.median_ms.toFixed(2)} | ${row.p99_ms.toFixed(2)} | ` +
        `${row.speedup.toFixed(2)}×${interval} | ${row.exits} |`;
    }),
  ].join("\n");
}

const reports = await Promise.all(
  PAIRS.map((pair) => readJson<Report>(`reports/${pair}/report.json`)),
);
const served = await readJson<{ machine: Record<string, string>; rows: ServedRow[] }>(
  "bench/served.json",
);
const health = await readJson<{ rows: { median_ms: number; p99_ms: number; n: number }[] }>(
  "bench/health.json",
);
const [report] = reports as [Report, ...Report[]];
const { cpu, cores, deno, date } = served.machine;
const [idle, busy] = health.rows;
const figures = `![Accuracy against cost of fashion-mnist](reports/fashion-mnist/plot.svg)

**${report.claim.sentence}** On ${report.n.test} test examples that served for nothing else; costs: ${report.measured}.
Repeat it with \`deno task learn fashion-mnist\`: twenty seconds, from the trace that ships. By the cost of the networks
(reports: [fashion-mnist](reports/fashion-mnist/report.md), [fashion-mnist-exits](reports/fashion-mnist-exits/report.md)):

${traceTable(reports)}

Wall-clock through the server, over HTTP, PNG in and JSON out, one request at a time, every policy taking turns with the
full model image by image (n = ${
  served.rows[0]?.n
} test images; ${cpu}, ${cores} cores, Deno ${deno}, one worker each, ONNX Runtime Web
on WebAssembly, ${date}). What a request costs whatever the network, about a millisecond, is in these; repeat them with
\`deno task data\`, then \`deno task bench:served\`:

${servedTable(served.rows)}

\`/healthz\` while 50 requests run on \`large\`: median ${busy?.median_ms.toFixed(1)} ms, p99 ${
  busy?.p99_ms.toFixed(1)
} ms (n = ${busy?.n}), against ${idle?.median_ms.toFixed(1)} ms and ${idle?.p99_ms.toFixed(1)} ms
without load.`;

const file = new URL("README.md", ROOT);
const text = await Deno.readTextFile(file);
const parts = text.split(/(?<=<!-- figures -->\n)[^]*(?=\n<!-- \/figures -->)/);
if (parts.length !== 2) throw new Error("README.md: expected one <!-- figures --> block");
await Deno.writeTextFile(file, parts.join(figures));
console.log(figures);
