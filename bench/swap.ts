/**
 * Swapping policies under load: the real server in a process of its own with two workers, eight
 * connections on both pairs, and two very different policies of each pair. Ten seconds without swaps and
 * ten with 500 a minute take turns. Afterwards every answer is computed again from the version that it
 * names. Fails if a request failed or an answer is not what its version answers.
 *
 * ```
 * deno task bench:swap
 * deno task bench:swap --rounds 1 --seconds 4 --connections 16
 * ```
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { startBar } from "../cli/shared/mod.ts";
import { keepAsking, readInputs } from "../tests/harness/swap/load.ts";
import { record, type Recorded, Replay } from "../tests/harness/swap/replay.ts";
import { Swapper } from "../tests/harness/swap/swapper.ts";
import { startMain } from "../tests/harness/process/server_process.ts";
import { makeFolder } from "../tests/harness/files/folders.ts";
import { copyLivePolicy } from "../tests/harness/files/live_policies.ts";
import { readCounts } from "./shared/counts.ts";
import { report } from "./shared/report.ts";
import { summarise } from "./swap/summarise.ts";
import { takeTurns } from "./swap/turns.ts";

const PAIRS = ["fashion-mnist", "fashion-mnist-exits"] as const;
const TOKEN = "bench";
const SHOWN = 5;

const { rounds, seconds, connections } = readCounts({ rounds: 6, seconds: 10, connections: 8 });
const inputs = await readInputs();
const recorded = new Map<string, Recorded>();
for (const pair of PAIRS) recorded.set(pair, await record(pair, inputs));

await using folder = await makeFolder();
for (const pair of PAIRS) await copyLivePolicy(folder.url, pair);
await using server = await startMain({
  SLUICE_ADMIN_TOKEN: TOKEN,
  SLUICE_POLICIES: fileURLToPath(folder.url),
  SLUICE_STORE: "files",
  SLUICE_WORKERS: "2",
}, folder.url);
const send = (path: string, init?: RequestInit) => fetch(`${server.address}${path}`, init);
const targets = [...recorded.values()].map(({ target }) => target);
const swapper = await Swapper.start(send, TOKEN, targets);

const end = new AbortController();
const asking = keepAsking({
  send,
  connections,
  pairs: PAIRS,
  inputs,
  version: (pair) => swapper.version(pair),
  signal: end.signal,
});
const stretches = await takeTurns({ swapper, pairs: PAIRS, rounds, seconds, progress: startBar })
  .finally(() => end.abort());
const outcomes = await asking;

const replay = new Replay(recorded, swapper.texts);
await report("swap", summarise(outcomes, stretches, replay).map((row) => ({ ...row })));
const wrong = outcomes.flatMap((outcome) => {
  if ("failure" in outcome.reply) return [`${outcome.pair} failed: ${outcome.reply.failure}`];
  return replay.disagreement(outcome) ?? [];
});
for (const line of wrong.slice(0, SHOWN)) console.error(line);
const answered = `${outcomes.length} requests, ${swapper.texts.size} versions`;
console.log(`${answered}: ${wrong.length === 0 ? "nothing wrong" : `${wrong.length} wrong`}`);
if (wrong.length > 0) Deno.exitCode = 1;
