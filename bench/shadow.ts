/**
 * Watching live traffic: what it costs and what it finds. The real server in processes of its own, each
 * with two workers.
 *
 * - Latency with `SLUICE_SHADOW=5%` against none: both servers run, one is asked at a time, and they take
 *   turns; under one connection back to back, at 50 requests a second, and under overload.
 * - Drift at `SLUICE_SHADOW=20%`: images as they are, then inverted or blurred ones: after how many
 *   requests the fall-back serves.
 *
 * Writes bench/shadow.json and bench/drift.json. Fails if a request failed, if there was a false alarm, or if no fall-back came.
 *
 * ```
 * deno task bench:shadow
 * deno task bench:shadow --rounds 2 --seconds 3 --clean 500
 * ```
 *
 * @module
 */

import { startBar } from "../cli/shared/mod.ts";
import { startMain } from "../tests/harness/process/server_process.ts";
import { readExamples } from "./shared/examples.ts";
import { readCounts } from "./shared/counts.ts";
import { report } from "./shared/report.ts";
import { compareShares } from "./shadow/compare_shares.ts";
import { type DriftRow, simulateDrift } from "./shadow/drift.ts";
import { backToBack, paced } from "./shadow/loads.ts";

const SHARE = "5%";
const DRIFT_SHARE = "20%";
/** Spoilt requests after which there must have been an alarm. */
const MOST = 8000;

const { rounds, seconds, clean } = readCounts({ rounds: 12, seconds: 10, clean: 2000 });
const images = (await readExamples()).map(({ image }) => image);

async function measureShares() {
  const start = (share: string) => {
    const env = { SLUICE_SHADOW: share, SLUICE_STORE: "memory", SLUICE_WORKERS: "2" };
    return startMain(env);
  };
  // One after the other, so that the costs that each measures at its start are not disturbed.
  await using without = await start("0");
  await using shadowing = await start(SHARE);
  return await compareShares({
    addresses: { without: without.address, with: shadowing.address },
    loads: [backToBack(1), paced(50), backToBack(16)],
    images,
    rounds,
    seconds,
    progress: startBar,
  });
}

async function simulateDrifts(): Promise<DriftRow[]> {
  const drifts: DriftRow[] = [];
  for (const spoilt of ["inverted", "blurred"] as const) {
    for (const onAlarm of ["rollback", "full"] as const) {
      const options = { images, spoilt, onAlarm, shadow: DRIFT_SHARE, clean, most: MOST };
      drifts.push(await simulateDrift(options));
      console.log(`  ${spoilt}, ${onAlarm}: ${drifts.at(-1)?.requests ?? "no alarm"} requests`);
    }
  }
  return drifts;
}

const shares = await measureShares();
const drifts = await simulateDrifts();
await report("shadow", shares.map((row) => ({ ...row })));
await report("drift", drifts.map((row) => ({ ...row })));
const failed = [...shares, ...drifts].reduce((sum, row) => sum + row.failed, 0);
const isWrong = drifts.some(({ false_alarm, requests }) => false_alarm || requests === null);
if (failed > 0 || isWrong) {
  console.error(`${failed} requests failed; the rows on drift say whether alarms were right`);
  Deno.exitCode = 1;
}
