import { percent } from "../../policies/learn/mod.ts";
import type { ShareRow } from "../shadow/compare_shares.ts";
import type { DriftRow } from "../shadow/drift.ts";
import { readMeasured, sayMachine } from "./measured.ts";

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

/** Writes how good intervals and alarms are, what comparing costs, and how soon drift is found. */
export async function writeWatch(): Promise<string> {
  return [await sayStreams(), await sayShares(), await sayDrift()].join("\n\n");
}

async function sayStreams(): Promise<string> {
  const { rows } = await readMeasured<Partial<WatchRow & DelayRow>>("watch");
  const counted = rows.filter(({ broken }) => broken !== undefined) as WatchRow[];
  const [any] = counted;
  const worst = (statement: string) => {
    const shares = counted.filter((row) => row.statement === statement).map(({ share }) => share);
    return percent(Math.max(...shares));
  };
  const delays = (rows.filter(({ median }) => median !== undefined) as DelayRow[])
    .map(({ of, change, median, p90 }) => `| ${of} | ${change} | ${median} | ${p90} |`);
  return `In ${any?.streams} simulated streams of ${any?.n} compared inputs each, with \`delta\` = ${
    percent(any?.delta ?? NaN)
  }, the interval missed the true
rate at any time in at most ${
    worst("confidence sequence")
  } of the streams, and the alarm went off although the rate was at or below the
limit in at most ${
    worst("alarm")
  } (\`deno task bench:watch\`). How many inputs it takes after a change: compared
inputs until the alarm goes off, all inputs until a drift of exits is found:

| change | inputs before the change | median | 90th percentile |
|---|---|---|---|
${delays.join("\n")}`;
}

async function sayShares(): Promise<string> {
  const { machine, rows } = await readMeasured<ShareRow>("shadow");
  const shares = rows.map((row) => {
    const ratio = row.p99_ratio === undefined
      ? ""
      : `${row.p99_ratio}× (${row.ratio_ci95?.join("–")})`;
    return `| ${row.load} | ${row.shadow} | ${row.requests} | ${row.compared} | ${row.skipped} | ` +
      `${row.p50_ms} | ${row.p99_ms} | ${ratio} |`;
  });
  return `Through the real server with two workers, \`SLUICE_SHADOW=5%\` and \`0\` taking turns (\`deno task bench:shadow\`;
Fashion-MNIST test images; ${
    sayMachine(machine)
  }, ${machine.date}; 95% confidence interval of the ratio):

| load | comparing | requests | compared | skipped | median ms | p99 ms | p99 ratio |
|---|---|---|---|---|---|---|---|
${shares.join("\n")}`;
}

async function sayDrift(): Promise<string> {
  const { rows } = await readMeasured<DriftRow>("drift");
  const drifts = rows.map((row) => {
    return `| ${row.images} | ${row.on_alarm} | ${percent(row.limit ?? NaN)} | ${row.requests} | ` +
      `${row.comparisons} | ${percent(row.spoilt_rate ?? NaN)} | ${row.serves} |`;
  });
  return `Images that are spoilt after ${
    rows[0]?.clean
  } clean ones, with \`SLUICE_SHADOW=20%\`: requests and comparisons until the
fall-back served, and the share of comparisons that differed.

| images | action | certified disagreement | requests | comparisons | differed | then serves |
|---|---|---|---|---|---|---|
${drifts.join("\n")}`;
}
