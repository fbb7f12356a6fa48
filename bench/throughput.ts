/**
 * Requests a second of this checkout beside another: both serve at the same time, one of them is asked
 * at a time, and they take turns. For changes that must not make the server slower.
 *
 * ```
 * deno task bench:throughput ../before
 * deno task bench:throughput ../before --policy always:large --connections 1 --rounds 30
 * ```
 *
 * @module
 */

import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { describeMachine, round, startBar } from "../cli/shared/mod.ts";
import { mean, percentileInterval, resampleMeans } from "../policies/learn/mod.ts";
import { readSamples } from "../tests/harness/files/samples.ts";
import { startTask } from "../tests/harness/process/server_process.ts";
import { type Ask, askAbout, backToBack } from "./shadow/loads.ts";

const ROOT = new URL("../", import.meta.url);
const WARM_UP_SECONDS = 3;
const USAGE = `Usage: deno task bench:throughput <other checkout> [options]

  --policy <name>      what answers (always:small)
  --connections <n>    how many requests are under way at a time (8)
  --rounds <n>         how often each server takes its turn (20)
  --seconds <n>        how long a turn takes (2)`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    policy: { type: "string", default: "always:small" },
    connections: { type: "string", default: "8" },
    rounds: { type: "string", default: "20" },
    seconds: { type: "string", default: "2" },
  },
});
const [connections, rounds, seconds] = [values.connections, values.rounds, values.seconds]
  .map(Number) as [number, number, number];
const [other] = positionals;
if (other === undefined || ![connections, rounds, seconds].every((value) => value > 0)) {
  console.error(USAGE);
  Deno.exit(2);
}

const images = (await readSamples()).map(({ png }) => png);
const env = { SLUICE_STORE: "memory", SLUICE_WORKERS: "2", SLUICE_LOG_LEVEL: "off" };
await using before = await startTask(env, new URL(`${pathToFileURL(resolve(other)).href}/`));
await using after = await startTask(env, ROOT);
const load = backToBack(connections);
const asks = [before, after].map(({ address }) => askAbout(address, images, values.policy));
for (const ask of asks) await load.run(ask, WARM_UP_SECONDS);

const rates: [number[], number[]] = [[], []];
const bar = startBar(load.name, 2 * rounds);
for (let turn = 0; turn < rounds; turn++) {
  // Who is first takes turns as well, so that what drifts meets both alike.
  for (const which of turn % 2 === 0 ? [0, 1] as const : [1, 0] as const) {
    rates[which].push(await perSecond(asks[which] as Ask));
    bar.update(rates[0].length + rates[1].length);
  }
}
bar.stop();

const logs = Float64Array.from(rates[1], (rate, turn) => Math.log(rate / rates[0][turn]!));
const [resampled] = resampleMeans([logs], { seed: 1 });
const interval = percentileInterval(resampled!).map((value) => round(Math.exp(value)));
console.table([
  { checkout: "other", "requests/s, median": median(rates[0]) },
  { checkout: "this", "requests/s, median": median(rates[1]) },
]);
console.log(
  `this / other: ${round(Math.exp(mean(logs)))}× (95% interval ${interval.join("–")}), geometric ` +
    `mean of ${rounds} turns of ${seconds} s each; ${values.policy}, ${load.name}, 2 workers`,
);
const { cpu, cores, deno, date } = describeMachine();
console.log(`${cpu}, ${cores} cores, Deno ${deno}, ${date}`);

async function perSecond(ask: Ask): Promise<number> {
  const began = performance.now();
  const asked = await load.run(ask, seconds);
  const failed = asked.filter(({ policy }) => policy === undefined).length;
  if (failed > 0) throw new Error(`Cannot compare: ${failed} of ${asked.length} requests failed`);
  return asked.length / (performance.now() - began) * 1000;
}

function median(list: readonly number[]): number {
  return round(list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)]!, 0);
}
