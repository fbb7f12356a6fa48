/**
 * The served comparison: operating points of each pair's policy against the full model alone, over
 * HTTP, one request at a time, taking turns image by image, each policy in a server of its own with
 * one worker. Images are sent as PNG: all 10,000 of the test set if `deno task data` has fetched them,
 * else the 60 samples that ship. With the whole test set the figures go into `reports/<pair>/` as well.
 * Then: how fast health answers while 50 requests run on the full model.
 *
 * ```
 * deno task bench:served
 * ```
 *
 * @module
 */

import { Presets, SingleBar } from "cli-progress";
import { sha256 } from "../cli/learn/inputs.ts";
import { replaceFile } from "../cli/replace_file.ts";
import {
  LOSS_LEVELS,
  mean,
  percentileInterval,
  type Report,
  resampleMeans,
  type Speedup,
} from "../policies/learn/mod.ts";
import { withServed } from "../policies/learn/write_report.ts";
import { quantile } from "../registry/runtime/sample_costs.ts";
import { createApp } from "../routes/mod.ts";
import { readConfig } from "../server/config.ts";
import { startServices } from "../server/services.ts";
import { type Example, readExamples, TEST_SIZE } from "./examples.ts";
import { report, round } from "./machine.ts";

const WARM_UP = 50;
const FULL = { "fashion-mnist": "large", "fashion-mnist-exits": "stage3" };
const ROOT = new URL("../", import.meta.url);
const LIVE = new URL("policies/live/", ROOT);

/** What a policy did on all examples. */
interface Answers {
  readonly ms: Float64Array;
  readonly right: Float64Array;
  readonly exits: Map<string, number>;
}

interface Running extends AsyncDisposable {
  readonly address: string;
}

/** Starts a server with one worker on a folder of policies. */
async function serve(policies: URL): Promise<Running> {
  const config = { ...readConfig((name) => Deno.env.get(name)), workers: 1 };
  const services = startServices(config, { policies });
  const app = createApp(services);
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, app.fetch);
  await services.loaded;
  return {
    address: `http://127.0.0.1:${server.addr.port}`,
    [Symbol.asyncDispose]: async () => {
      services.close();
      await server.shutdown();
    },
  };
}

/** Starts a server in which a pair's active point is this one. */
async function serveAt(pair: string, point: string): Promise<Running> {
  const path = await Deno.makeTempDir({ dir: ".", prefix: ".test-" });
  try {
    const document = JSON.parse(await Deno.readTextFile(new URL(`${pair}.json`, LIVE)));
    const text = JSON.stringify({ ...document, active: point });
    await Deno.writeTextFile(`${path}/${pair}.json`, text);
    return await serve(new URL(`../${path}/`, import.meta.url));
  } finally {
    await Deno.remove(path, { recursive: true });
  }
}

async function ask(url: string, { png, label }: Example) {
  const started = performance.now();
  const headers = { "content-type": "image/png" };
  const response = await fetch(url, { method: "POST", headers, body: png });
  const { predictions, route } = await response.json();
  const ms = performance.now() - started;
  return { ms, right: Number(predictions[0].index === label), exit: String(route.exit) };
}

/** Asks every policy about every example, in turns. */
async function takeTurns(
  pair: string,
  urls: ReadonlyMap<string, string>,
  examples: readonly Example[],
): Promise<Map<string, Answers>> {
  const bar = new SingleBar(
    { format: `  ${pair} {bar} {value}/{total} | {eta} s left`, etaBuffer: 500 },
    Presets.shades_classic,
  );
  bar.start(examples.length, 0);
  for (const example of examples.slice(0, WARM_UP)) {
    for (const url of urls.values()) await ask(url, example);
  }
  const n = examples.length;
  const answers = new Map([...urls.keys()].map((policy): [string, Answers] => {
    return [policy, { ms: new Float64Array(n), right: new Float64Array(n), exits: new Map() }];
  }));
  for (const [index, example] of examples.entries()) {
    for (const [policy, url] of urls) {
      const { ms, right, exit } = await ask(url, example);
      const own = answers.get(policy) as Answers;
      own.ms[index] = ms;
      own.right[index] = right;
      own.exits.set(exit, (own.exits.get(exit) ?? 0) + 1);
    }
    bar.increment();
  }
  bar.stop();
  return answers;
}

/** The points to measure: the active one, and those that the report chose for its levels of loss. */
async function pointsOf(pair: string): Promise<{ text: string; old: Report; points: string[] }> {
  const text = await Deno.readTextFile(new URL(`${pair}.json`, LIVE));
  const old: Report = JSON.parse(
    await Deno.readTextFile(new URL(`reports/${pair}/report.json`, ROOT)),
  );
  if (old.hashes.policy !== sha256(text)) {
    throw new Error(`The report is of another policy: run \`deno task evaluate ${pair}\` first`);
  }
  const chosen = old.levels.filter(({ method, metric }) => {
    return method === "learned" && metric === old.metric;
  });
  const points = new Set([...chosen.map(({ point }) => point), old.policy.active]);
  return { text, old, points: [...points].toSorted() };
}

async function compare(pair: string, full: string, examples: readonly Example[]) {
  const { old, points } = await pointsOf(pair);
  await using stack = new AsyncDisposableStack();
  const base = stack.use(await serve(LIVE));
  const path = `/v1/pairs/${pair}/classify?top_k=1`;
  const urls = new Map([[`always:${full}`, `${base.address}${path}&policy=always:${full}`]]);
  for (const point of points) {
    const server = stack.use(await serveAt(pair, point));
    urls.set(point, `${server.address}${path}`);
  }
  const answers = await takeTurns(pair, urls, examples);
  const baseline = answers.get(`always:${full}`) as Answers;
  const series = [...answers.values()].map(({ ms }) => ms);
  const means = resampleMeans(series, { seed: 0 });
  const rows = [...answers].map(([policy, { ms, right, exits }], index) => {
    const sorted = ms.toSorted();
    const ratios = (means[index] as Float64Array).map((own, replicate) => {
      return (means[0]?.[replicate] as number) / own;
    });
    const shares = [...exits].toSorted().map(([exit, count]) => {
      return `${exit} ${round(100 * count / examples.length, 1)}%`;
    });
    return {
      pair,
      policy: policy === old.policy.active ? `${policy} (active)` : policy,
      accuracy: round(mean(right), 4),
      loss: round(mean(baseline.right) - mean(right), 4),
      mean_ms: round(mean(ms)),
      median_ms: round(quantile([...sorted], 0.5)),
      p99_ms: round(quantile([...sorted], 0.99)),
      speedup: round(mean(baseline.ms) / mean(ms), 2),
      ci95: policy.startsWith("always:")
        ? [1, 1]
        : percentileInterval(ratios).map((x) => round(x, 2)),
      exits: shares.join(", "),
      n: examples.length,
    };
  });
  if (examples.length === TEST_SIZE) await addToReport(pair, old, rows);
  return rows;
}

type Row = { policy: string; loss: number; speedup: number; ci95: number[] };

/** Every level of loss with the fastest point that was chosen for it or for a stricter one. */
async function addToReport(pair: string, old: Report, rows: readonly Row[]): Promise<void> {
  const { metric } = old;
  const measured = (point: string) => {
    return rows.find(({ policy }) => policy.replace(" (active)", "") === point) as Row;
  };
  const served = LOSS_LEVELS.flatMap((max_loss): Speedup[] => {
    const found = old.levels.findLast((row) => {
      return row.method === "learned" && row.metric === metric && row.max_loss <= max_loss &&
        measured(row.point).loss <= max_loss;
    });
    if (!found) return [];
    const { loss, speedup, ci95: [low = NaN, high = NaN] } = measured(found.point);
    const ci95 = [low, high] as const;
    return [{ method: "learned", metric, basis: "served", max_loss, loss, speedup, ci95 }];
  });
  const folder = new URL(`reports/${pair}/`, ROOT);
  for (const [name, content] of Object.entries(await withServed(old, served))) {
    await replaceFile(new URL(name, folder), new TextEncoder().encode(content));
  }
}

/** Milliseconds of health answers, alone and while 50 requests run on the full model. */
async function health(address: string, example: Example) {
  const probe = async () => {
    const started = performance.now();
    await (await fetch(`${address}/healthz`)).body?.cancel();
    return performance.now() - started;
  };
  const url = `${address}/v1/pairs/fashion-mnist/classify?policy=always:large`;
  const rows = [];
  for (const load of [0, 50]) {
    const times: number[] = [];
    for (let repetition = 0; repetition < 10; repetition++) {
      const requests = Array.from({ length: load }, () => ask(url, example));
      for (let i = 0; i < 10; i++) times.push(await probe());
      await Promise.all(requests);
    }
    times.sort((a, b) => a - b);
    rows.push({
      requests_running: load,
      median_ms: round(quantile(times, 0.5)),
      p99_ms: round(quantile(times, 0.99)),
      n: times.length,
    });
  }
  return rows;
}

const examples = await readExamples();
const rows = [];
for (const [pair, full] of Object.entries(FULL)) rows.push(...await compare(pair, full, examples));
await report("served", rows);
const [example] = examples;
if (example) {
  await using server = await serve(LIVE);
  await report("health", await health(server.address, example));
}
