/**
 * The served comparison on photographs: the live policies of both ImageNet pairs against ResNet-50
 * alone, over HTTP, JPEG in and JSON out, one request at a time, taking turns photograph by photograph,
 * each policy in a server of its own with one worker. Only photographs that the policy was not learned
 * from are sent. The networks must be in `models/` (`deno task models`); the figures go into
 * `bench/imagenet.json` and `reports/<pair>/`.
 *
 * ```
 * deno task bench:imagenet <folder of images and labels.csv> [number of photographs]
 * ```
 *
 * @module
 */

import { parse } from "csv-parse/sync";
import { readTrace } from "../cli/learn/mod.ts";
import { LOSS_LEVELS, type Report, type Speedup, splitAny } from "../policies/learn/mod.ts";
import { compare, type Example, type ServedRow } from "./shared/compare.ts";
import { LIVE, serve } from "./shared/serve.ts";
import { addServed, readReport } from "./shared/served_report.ts";
import { fail, round } from "../cli/shared/mod.ts";
import { report } from "./shared/report.ts";

const PAIRS = ["imagenet-paper", "imagenet-ladder"];
const ROOT = new URL("../", import.meta.url);
const PLUGINS = [new URL("examples/imagenet/", ROOT)];

/** Photographs of the calibration half, which nothing was learned from, in the order of the trace. */
async function readUnseen(folder: string, pair: string, count: number): Promise<Example[]> {
  const { trace } = await readTrace(ROOT, pair);
  const { seed = 0 } = (await readReport(pair)) as Pick<Report, "seed">;
  const text = await Deno.readTextFile(`${folder}/labels.csv`);
  const table: { file: string; class: string }[] = parse(text, { columns: true });
  const labels = new Map(table.map((row) => [row.file, Number(row.class)]));
  const rows = splitAny(trace, seed).calibration.subarray(0, count);
  return await Promise.all(Array.from(rows, async (row): Promise<Example> => {
    const file = trace.ids[row] as string;
    const image = await Deno.readFile(`${folder}/images/${file}`);
    return { image, type: "image/jpeg", label: labels.get(file) as number };
  }));
}

/** The active point at every level that it kept to. */
function servedSpeedups({ metric, policy }: Report, rows: readonly ServedRow[]): Speedup[] {
  const own = rows.find((row) => row.policy === policy.active) as ServedRow;
  return LOSS_LEVELS.filter((level) => own.loss <= level).map((max_loss) => ({
    method: "learned",
    metric,
    basis: "served",
    max_loss,
    loss: own.loss,
    speedup: own.speedup,
    ci95: own.ci95,
  }));
}

/** How long a server of both pairs takes to be ready, and the memory that it holds then. */
async function measureStart() {
  const before = Deno.memoryUsage().rss;
  const started = performance.now();
  await using _server = await serve(LIVE, PLUGINS);
  const seconds = (performance.now() - started) / 1000;
  const { rss } = Deno.memoryUsage();
  return {
    ready_s: round(seconds, 1),
    rss_mb: round(rss / 1e6, 0),
    before_mb: round(before / 1e6, 0),
  };
}

const [folder, count = "500"] = Deno.args;
if (folder === undefined || !/^\d+$/.test(count)) {
  fail("Usage: deno task bench:imagenet <folder of images and labels.csv> [photographs]");
}
await report("imagenet-start", [await measureStart()]);
const rows: ServedRow[] = [];
for (const pair of PAIRS) {
  const old = await readReport(pair);
  const examples = await readUnseen(folder, pair, Number(count));
  const points = [old.policy.active];
  const own = await compare({ pair, full: old.full, points, examples, topK: 5, plugins: PLUGINS });
  await addServed(old, servedSpeedups(old, own));
  rows.push(...own);
}
await report("imagenet", rows.map((row) => ({ ...row })));
