/**
 * The served comparison: the pair's policy against the full model alone, in one server, over HTTP,
 * one request at a time, the two taking turns image by image. Uses the 10,000 test images if
 * `deno task data` has fetched them, else the 60 samples that ship. Then: how fast health answers
 * while 50 requests run on the full model.
 *
 * ```
 * deno task bench:served
 * ```
 *
 * @module
 */

import { Presets, SingleBar } from "cli-progress";
import { createApp } from "../routes/mod.ts";
import { readConfig } from "../server/config.ts";
import { startServices } from "../server/services.ts";
import { type Example, readExamples } from "./examples.ts";
import { quantile, report, round } from "./machine.ts";

const MAX_EXAMPLES = 10_000;
const WARM_UP = 50;
const FULL = { "fashion-mnist": "large", "fashion-mnist-exits": "stage3" };

interface Answer {
  readonly ms: number;
  readonly right: boolean;
  readonly exit: string;
}

async function ask(url: string, example: Example): Promise<Answer> {
  const started = performance.now();
  const headers = { "content-type": "application/json" };
  const response = await fetch(url, { method: "POST", headers, body: example.body });
  const { predictions, route } = await response.json();
  const ms = performance.now() - started;
  return { ms, right: predictions[0].index === example.label, exit: route.exit };
}

function summarise(pair: string, policy: string, answers: readonly Answer[]) {
  const times = answers.map(({ ms }) => ms).toSorted((a, b) => a - b);
  const exits = Map.groupBy(answers, ({ exit }) => exit);
  const shares = [...exits].toSorted().map(([exit, { length }]) =>
    `${exit} ${round(100 * length / answers.length, 1)}%`
  );
  return {
    pair,
    policy,
    accuracy: round(answers.filter(({ right }) => right).length / answers.length, 4),
    mean_ms: round(times.reduce((a, b) => a + b, 0) / times.length),
    median_ms: round(quantile(times, 0.5)),
    p99_ms: round(quantile(times, 0.99)),
    exits: shares.join(", "),
    n: answers.length,
  };
}

async function compare(address: string, pair: string, full: string, examples: readonly Example[]) {
  const url = `${address}/v1/pairs/${pair}/classify?top_k=1`;
  const policies = { own: url, full: `${url}&policy=always:${full}` };
  const answers: Record<keyof typeof policies, Answer[]> = { own: [], full: [] };
  const bar = new SingleBar(
    { format: `  ${pair} {bar} {value}/{total} | {eta} s left`, etaBuffer: 500 },
    Presets.shades_classic,
  );
  bar.start(examples.length, 0);
  for (const example of examples.slice(0, WARM_UP)) {
    for (const target of Object.values(policies)) await ask(target, example);
  }
  for (const example of examples) {
    for (const policy of ["own", "full"] as const) {
      answers[policy].push(await ask(policies[policy], example));
    }
    bar.increment();
  }
  bar.stop();
  const own = summarise(pair, "the pair's own", answers.own);
  const baseline = summarise(pair, `always:${full}`, answers.full);
  return [
    { ...baseline, speedup: 1 },
    { ...own, speedup: round(baseline.mean_ms / own.mean_ms, 2) },
  ];
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

const services = startServices(readConfig((name) => Deno.env.get(name)));
const server = Deno.serve(
  { port: 0, hostname: "127.0.0.1", onListen: () => {} },
  createApp(services).fetch,
);
const address = `http://127.0.0.1:${server.addr.port}`;
await services.loaded;
const examples = await readExamples(MAX_EXAMPLES);
const rows = [];
for (const [pair, full] of Object.entries(FULL)) {
  rows.push(...await compare(address, pair, full, examples));
}
await report("served", rows);
const [example] = examples;
if (example) await report("health", await health(address, example));
services.close();
await server.shutdown();
