/**
 * Whether what is said of live traffic keeps its promise, and how soon it is said: the share of streams
 * whose confidence sequence ever misses the mean, the share of false alarms, delays of detection in
 * observations, and the same for drift. Streams are simulated, 100,000 observations each.
 *
 * ```
 * deno task bench:watch
 * ```
 *
 * @module
 */

import { allowedFailures, seededRandom } from "../policies/learn/stats/mod.ts";
import { HistogramWatch } from "../policies/watch/mod.ts";
import {
  bernoulli,
  type Distribution,
  drawBin,
  drawCounts,
  everMisses,
  meanOf,
  timeOfAlarm,
} from "../tests/harness/generators/watch_streams.ts";
import { fail, round } from "../cli/shared/mod.ts";
import { report } from "./shared/report.ts";

const STREAMS = 400;
const N = 100_000;
const DELTA = 0.05;
/** Share of its limit that a rate has before it jumps: certified bounds are a little above rates. */
const USUAL = 0.8;
const LATE = 50_000;
/** Examples of the trace that drift is judged against. */
const TRACE = 6000;

/** One for all streams: those of neighbouring seeds begin alike. */
const random = seededRandom(1);
const rows: Record<string, unknown>[] = [];
let isKept = true;

/** Adds a row on a promise. */
function addPromise(statement: string, of: string, run: () => boolean): void {
  let broken = 0;
  for (let stream = 0; stream < STREAMS; stream++) if (run()) broken++;
  const allowed = allowedFailures(DELTA, STREAMS);
  if (broken > allowed) isKept = false;
  const share = round(broken / STREAMS, 4);
  rows.push({ statement, of, streams: STREAMS, n: N, broken, share, delta: DELTA, allowed });
  console.log(`${statement}, ${of}: ${broken} of ${STREAMS} broken`);
}

/** Adds a row on delays; `run` gives the time at which something was found. */
function addDelay(
  statement: string,
  of: string,
  change: number,
  run: () => number | null,
): void {
  const times = Array.from({ length: STREAMS }, run);
  const early = times.filter((time) => time !== null && time <= change).length;
  const delays = times.filter((time) => time === null || time > change)
    .map((time) => (time ?? Infinity) - change)
    .sort((one, other) => one - other);
  const quantile = (share: number) => {
    const delay = delays[Math.floor(share * delays.length)] as number;
    return delay === Infinity ? `over ${N - change}` : delay;
  };
  rows.push({ statement, of, change, median: quantile(0.5), p90: quantile(0.9), early });
  console.log(`${statement}, ${of}, at ${change}: median ${quantile(0.5)}, p90 ${quantile(0.9)}`);
}

/** Values −1, 0 and 1. */
function signed(better: number, worse: number): Distribution {
  return { values: [-1, 0, 1], chances: [better, 1 - better - worse, worse] };
}

const distributions: Record<string, Distribution> = {
  "rate 0.005": bernoulli(0.005),
  "rate 0.02": bernoulli(0.02),
  "rate 0.2": bernoulli(0.2),
  "−1, 0, 1 with 0.01, 0.97, 0.02": signed(0.01, 0.02),
  "−1, 0, 1 with 0.2, 0.5, 0.3": signed(0.2, 0.3),
};
for (const [name, distribution] of Object.entries(distributions)) {
  addPromise("confidence sequence", name, () => {
    return everMisses(distribution, N, DELTA, random);
  });
}
for (const [name, distribution] of Object.entries(distributions)) {
  const mean = meanOf(distribution);
  for (const share of [1, USUAL]) {
    addPromise("alarm", `${name}, ${share} of the limit`, () => {
      const options = { limit: mean / share, delta: DELTA };
      const times = { before: distribution, after: distribution, change: 0, n: N };
      return timeOfAlarm(options, times, random) !== null;
    });
  }
}
for (const limit of [0.005, 0.02, 0.05]) {
  for (const change of [0, LATE]) {
    for (const times of [1.5, 2, 4]) {
      addDelay("alarm", `limit ${limit}, rate to ${times} times it`, change, () => {
        const before = bernoulli(USUAL * limit);
        const after = bernoulli(times * limit);
        const stages = { before, after, change, n: N };
        return timeOfAlarm({ limit, delta: DELTA }, stages, random);
      });
    }
  }
}

/** The observation at which a histogram is said to have drifted from a trace of the same chances. */
function timeOfDrift(
  before: readonly number[],
  after: readonly number[],
  change: number,
): number | null {
  const counts = drawCounts(TRACE, before, random);
  const bins = before.map((_, bin) => `bin ${bin} has`);
  const watch = new HistogramWatch({ name: "bins", bins, unit: "of requests", counts }, DELTA);
  for (let time = 1; time <= N; time++) {
    const look = watch.observe(drawBin(time <= change ? before : after, random));
    if (look?.drifted) return time;
  }
  return null;
}

const histograms: Record<string, readonly number[]> = {
  "exits 0.74, 0.26": [0.74, 0.26],
  "exits 0.9, 0.09, 0.01": [0.9, 0.09, 0.01],
  "eleven bins, some rare": [0.001, 0.002, 0.007, 0.02, 0.03, 0.04, 0.05, 0.05, 0.1, 0.2, 0.5],
};
for (const [name, chances] of Object.entries(histograms)) {
  addPromise("drift", name, () => timeOfDrift(chances, chances, 0) !== null);
}
for (const change of [0, LATE]) {
  for (const share of [0.41, 0.6, 0.68, 0.71]) {
    addDelay("drift", `exits 0.74, 0.26 to ${share}, ${round(1 - share)}`, change, () => {
      return timeOfDrift([0.74, 0.26], [share, 1 - share], change);
    });
  }
}

await report("watch", rows);
if (!isKept) fail("A promise was broken too often");
