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

import {
  LOSS_LEVELS,
  type Metric,
  percent,
  type Report,
  type Speedup,
  times,
} from "../policies/learn/mod.ts";
import type { ServedRow } from "./shared/compare.ts";
import type { ShareRow } from "./shadow/compare_shares.ts";
import type { DriftRow } from "./shadow/drift.ts";
import type { Row as SwapRow } from "./swap/summarise.ts";

/** What a node costs on both backends, as bench/webgpu.json has it. */
interface WebGpuRow {
  readonly pair: string;
  readonly node: string;
  readonly wasm_ms: number;
  readonly webgpu_ms: number;
  readonly webgpu_p10_ms: number;
  readonly webgpu_p90_ms: number;
  readonly times_wasm: number;
  readonly n: number;
}

/** How often a statement was broken, as bench/watch.json has it. */
interface WatchRow {
  readonly statement: string;
  readonly streams: number;
  readonly n: number;
  readonly share: number;
  readonly delta: number;
  readonly broken: number;
}

/** How late an alarm was, as bench/watch.json has it. */
interface DelayRow {
  readonly of: string;
  readonly change: number;
  readonly median: number;
  readonly p90: number;
}

/** What a build takes, as bench/dist.json has it. */
interface DistRow {
  readonly deno: string;
  readonly setting: string;
  readonly dist_mb: number;
  readonly start_ms: number;
  readonly workers: number;
  readonly rss_start_mb: number;
  readonly requests: number;
  readonly rss_most_mb: number;
}

const ROOT = new URL("../", import.meta.url);
const PAIRS = ["fashion-mnist", "fashion-mnist-exits"];

async function readJson<T>(path: string): Promise<T> {
  return JSON.parse(await Deno.readTextFile(new URL(path, ROOT)));
}

/** What a method reaches at every level of a loss, read as the report reads it. */
function traceTable(reports: readonly Report[], metric?: Metric): string {
  const rows = reports.flatMap((report) => {
    const own = report.speedups.filter((row) => {
      return row.basis === "trace" && row.metric === (metric ?? report.metric);
    });
    return LOSS_LEVELS.map((level) => {
      const at = own.filter(({ max_loss }) => max_loss === level);
      const cell = (row: Speedup | undefined) => {
        if (!row) return "–";
        const interval = row.ci95.map((x) => x.toFixed(2)).join("–");
        return `${times(row.speedup)} (${interval}) at ${percent(row.loss)}`;
      };
      const best = at.filter(({ method }) => method.startsWith("threshold_"))
        .toSorted((a, b) => b.speedup - a.speedup)[0];
      const learned = at.find(({ method }) => method === "learned");
      const oracle = at.find(({ method }) => method === "oracle");
      return `| ${report.pair} | ${percent(level)} | ${cell(learned)} | ${cell(best)} | ${
        cell(oracle)
      } |`;
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

/** Replaces what stands between the markers of a document. */
async function fill(path: string, name: string, content: string): Promise<void> {
  const file = new URL(path, ROOT);
  const text = await Deno.readTextFile(file);
  const [begin, end] = [`<!-- ${name} -->\n`, `<!-- /${name} -->`];
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`${path}: expected ${begin}${end}`);
  const before = text.slice(0, from + begin.length);
  await Deno.writeTextFile(file, `${before}${content}\n${text.slice(to)}`);
  console.log(`${path}, ${name}:\n${content}\n`);
}

const imagenet = await Promise.all(
  ["imagenet-paper", "imagenet-ladder"].map((pair) => {
    return readJson<Report>(`reports/${pair}/report.json`);
  }),
);
const photographs = await readJson<{ machine: Record<string, string>; rows: ServedRow[] }>(
  "bench/imagenet.json",
);
const start = await readJson<{ rows: { ready_s: number; rss_mb: number }[] }>(
  "bench/imagenet-start.json",
);
const [paper] = imagenet as [Report, ...Report[]];
const { folds, repeats } = paper.cross_validation ?? {};
const imagenetTable = `${traceTable(imagenet)}

Top-5 accuracy given up against ResNet-50 alone; ${paper.n.test} photographs, cross-validated (${folds} folds, ${repeats} times:
everything is learned and chosen without the photographs that are judged), 95% intervals; costs: ${paper.measured}.`;
const photoTable = `${servedTable(photographs.rows)}

Wall-clock through the server over HTTP, JPEG in and JSON out, decoding included, one request at a time, the policy and
ResNet-50 alone taking turns; accuracy is top-5; n = ${
  photographs.rows[0]?.n
} photographs that the policy was not learned from;
${photographs.machine.cpu}, ${photographs.machine.cores} cores, Deno ${photographs.machine.deno}, one worker each, ${photographs.machine.date}.`;

await fill("README.md", "figures", figures);
await fill("README.md", "imagenet figures", `${imagenetTable}\n\n${photoTable}`);
await fill(
  "examples/imagenet/README.md",
  "figures",
  `![Accuracy against cost of imagenet-paper](../../reports/imagenet-paper/plot.svg)

${imagenetTable}

The same settings by top-1, for which they were not chosen:

${traceTable(imagenet, "top1")}

Through the server:

${photoTable}

A server of both pairs with one worker is ready after ${start.rows[0]?.ready_s} s and holds ${
    start.rows[0]?.rss_mb
  } MB then.`,
);

const swap = await readJson<{ machine: Record<string, string>; rows: SwapRow[] }>(
  "bench/swap.json",
);
const [calm, swapping] = swap.rows as [SwapRow, SwapRow];
const asked = swap.rows.reduce((sum, { requests }) => sum + requests, 0);
const failed = swap.rows.reduce((sum, row) => sum + row.failed + row.wrong, 0);
await fill(
  "docs/policies.md",
  "swap figures",
  `Under load (8 connections, both pairs, two workers; ${swap.machine.cpu}, ${swap.machine.cores} cores, Deno ${swap.machine.deno},
${swap.machine.date}): ${swapping.swaps} swaps in ${swapping.seconds} s between two very different policies, each stored in files and confirmed after
${swapping.swap_ms} ms (median). Of ${asked} requests ${failed} failed or were answered otherwise than the version that they name answers
(each was computed again). The slowest of a thousand took ${swapping.p99_9_ms} ms, against ${calm.p99_9_ms} ms under the same load without
swaps in the same run: ${swapping.p99_9_ratio}×. \`deno task bench:swap\` repeats it.`,
);

const watch = await readJson<{ rows: Partial<WatchRow & DelayRow>[] }>("bench/watch.json");
const counted = watch.rows.filter(({ broken }) => broken !== undefined) as WatchRow[];
const worst = (statement: string) => {
  const shares = counted.filter((row) => row.statement === statement).map(({ share }) => share);
  return percent(Math.max(...shares));
};
const delays = (watch.rows.filter(({ median }) => median !== undefined) as DelayRow[])
  .map(({ of, change, median, p90 }) => `| ${of} | ${change} | ${median} | ${p90} |`);
const shadow = await readJson<{ machine: Record<string, string>; rows: ShareRow[] }>(
  "bench/shadow.json",
);
const shares = shadow.rows.map((row) => {
  const ratio = row.p99_ratio === undefined
    ? ""
    : `${row.p99_ratio}× (${row.ratio_ci95?.join("–")})`;
  return `| ${row.load} | ${row.shadow} | ${row.requests} | ${row.compared} | ${row.skipped} | ${row.p50_ms} | ${row.p99_ms} | ${ratio} |`;
});
const drift = await readJson<{ rows: DriftRow[] }>("bench/drift.json");
const drifts = drift.rows.map((row) => {
  return `| ${row.images} | ${row.on_alarm} | ${
    percent(row.limit ?? NaN)
  } | ${row.requests} | ${row.comparisons} | ${percent(row.spoilt_rate ?? NaN)} | ${row.serves} |`;
});
await fill(
  "docs/monitoring.md",
  "watch figures",
  `Over ${counted[0]?.streams} simulated streams of ${
    counted[0]?.n
  } compared inputs each and a chance of ${percent(counted[0]?.delta ?? NaN)}, the interval
missed the true rate at some time in at most ${
    worst("confidence sequence")
  } of the streams, and the alarm went off on rates at the limit or below
it in at most ${
    worst("alarm")
  } (\`deno task bench:watch\`). Until it goes off, in compared inputs, and
until drift of exits is found, in inputs:

| what changes | inputs before that | median | 90th percentile |
|---|---|---|---|
${delays.join("\n")}

Through the real server, two workers, \`SLUICE_SHADOW=5%\` and 0 taking turns (\`deno task bench:shadow\`; Fashion-MNIST test images;
${shadow.machine.cpu}, ${shadow.machine.cores} cores, Deno ${shadow.machine.deno}, ${shadow.machine.date}; 95% interval of the ratio):

| load | comparing | requests | compared | skipped | median ms | p99 ms | p99 ratio |
|---|---|---|---|---|---|---|---|
${shares.join("\n")}

And images that are spoilt after ${
    drift.rows[0]?.clean
  } clean ones, with \`SLUICE_SHADOW=20%\`: how many requests and comparisons until the fall-back served.

| images | action | certified | requests | comparisons | differed | then serves |
|---|---|---|---|---|---|---|
${drifts.join("\n")}`,
);

const dist = await readJson<{ machine: Record<string, string>; rows: DistRow[] }>(
  "bench/dist.json",
);
const builds = dist.rows.map((row) => {
  return `| ${row.deno} | ${row.setting && `\`${row.setting}\``} | ${row.dist_mb} MB | ${
    (row.start_ms / 1000).toFixed(1)
  } s | ${row.rss_start_mb} MB | ${row.rss_most_mb} MB |`;
});
await fill(
  "docs/deploy.md",
  "dist figures",
  `With the shipped pairs and ${
    dist.rows[0]?.workers
  } workers (\`deno task bench:dist\`; ${dist.machine.cpu}, ${dist.machine.cores} cores, ${dist.machine.date}):

| Deno | with | \`dist/\` | until all pairs answer | resident memory then | most in ${
    dist.rows[0]?.requests
  } requests |
|---|---|---|---|---|---|
${builds.join("\n")}`,
);

const webgpu = await readJson<{ machine: Record<string, string>; rows: WebGpuRow[] }>(
  "bench/webgpu.json",
);
await fill(
  "docs/webgpu.md",
  "webgpu figures",
  `Batch 1, warm, without server, medians; adapter: ${webgpu.machine.adapter}; ${webgpu.machine.cpu},
${webgpu.machine.cores} cores, Deno ${webgpu.machine.deno}, ${webgpu.machine.date}.

| pair | node | wasm ms | webgpu ms | webgpu, 10th–90th percentile | webgpu / wasm | n |
|---|---|---|---|---|---|---|
${
    webgpu.rows.map((row) =>
      `| ${row.pair} | ${row.node} | ${row.wasm_ms} | ${row.webgpu_ms} | ` +
      `${row.webgpu_p10_ms}–${row.webgpu_p90_ms} | ${row.times_wasm}× | ${row.n} |`
    ).join("\n")
  }`,
);
