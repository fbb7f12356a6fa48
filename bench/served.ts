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

import { LOSS_LEVELS, type Report, type Speedup } from "../policies/learn/mod.ts";
import { ask, compare, type Example, type ServedRow } from "./shared/compare.ts";
import { LIVE, serve } from "./shared/serve.ts";
import { addServed, readReport } from "./shared/served_report.ts";
import { quantile } from "../registry/runtime/mod.ts";
import { readExamples, TEST_SIZE } from "./shared/examples.ts";
import { round } from "../cli/shared/mod.ts";
import { report } from "./shared/report.ts";

const FULL = { "fashion-mnist": "large", "fashion-mnist-exits": "stage3" };

/** The active point, and those that the report chose for its levels of loss. */
function pointsOf({ levels, metric, policy }: Report): string[] {
  const chosen = levels.filter((row) => row.method === "learned" && row.metric === metric);
  return [...new Set([...chosen.map(({ point }) => point), policy.active])].toSorted();
}

/** For every level of loss the fastest point that was chosen for it or for a stricter one. */
function servedSpeedups({ levels, metric }: Report, rows: readonly ServedRow[]): Speedup[] {
  const measured = (point: string) => rows.find(({ policy }) => policy === point) as ServedRow;
  return LOSS_LEVELS.flatMap((max_loss): Speedup[] => {
    const found = levels.findLast((row) => {
      return row.method === "learned" && row.metric === metric && row.max_loss <= max_loss &&
        measured(row.point).loss <= max_loss;
    });
    if (!found) return [];
    const { loss, speedup, ci95 } = measured(found.point);
    return [{ method: "learned", metric, basis: "served", max_loss, loss, speedup, ci95 }];
  });
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
const rows: ServedRow[] = [];
for (const [pair, full] of Object.entries(FULL)) {
  const old = await readReport(pair);
  const own = await compare({ pair, full, points: pointsOf(old), examples });
  if (examples.length === TEST_SIZE) await addServed(old, servedSpeedups(old, own));
  const { active } = old.policy;
  rows.push(...own.map((row) => {
    return row.policy === active ? { ...row, policy: `${active} (active)` } : row;
  }));
}
await report("served", rows.map((row) => ({ ...row })));
const [example] = examples;
if (example) {
  await using server = await serve(LIVE);
  await report("health", await health(server.address, example));
}
