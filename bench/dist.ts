/**
 * What `deno task build` makes, started away from the project with nothing but Deno around it: its size,
 * how soon it serves, and its memory before and after requests to both pairs, with two workers; as it is, and with
 * the setting of glibc that the files in `deploy/` have. The figures are of the Deno that runs this; those of another that were written before are kept.
 *
 * ```
 * deno task bench:dist
 * deno task bench:dist --requests 1000
 * ```
 *
 * @module
 */

import { type Dist, makeDist, startDist } from "../tests/harness/process/dist_process.ts";
import { postImage } from "../tests/harness/http/requests.ts";
import { outputOf } from "../tests/harness/process/run_command.ts";
import { readSamples, type Sample } from "../tests/harness/files/samples.ts";
import { readCounts } from "./shared/counts.ts";
import { ifThere, round } from "../cli/shared/mod.ts";
import { report } from "./shared/report.ts";

const PAIRS = ["fashion-mnist", "fashion-mnist-exits"];
const WORKERS = 2;
const CLIENTS = 4;

/** Resident memory of a process in megabytes. */
async function residentMb(pid: number): Promise<number> {
  const kilobytes = Number(await outputOf("ps", ["-o", "rss=", "-p", `${pid}`]));
  return round(kilobytes * 1024 / 1e6, 0);
}

/** Sends requests to both pairs in turns, and looks at the memory every hundred; gives the most. */
async function load(address: string, count: number, memory: () => Promise<number>) {
  const samples = await readSamples();
  let [sent, most] = [0, 0];
  const client = async () => {
    while (sent < count) {
      const index = sent++;
      const sample = samples[index % samples.length] as Sample;
      const url = `${address}/v1/pairs/${PAIRS[index % 2]}/classify`;
      const response = await fetch(url, postImage(sample.png));
      if (!response.ok) throw new Error(await response.text());
      await response.body?.cancel();
      if (index % 100 === 0) most = Math.max(most, await memory());
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
  return most;
}

/** The rows of other versions of Deno. */
async function otherRows(): Promise<Record<string, unknown>[]> {
  const text = await ifThere(Deno.readTextFile(new URL("./dist.json", import.meta.url)));
  const { rows }: { rows: Record<string, unknown>[] } = JSON.parse(text ?? '{"rows": []}');
  return rows.filter(({ deno }) => deno !== Deno.version.deno);
}

/** Starts a build with these settings, sends requests, and gives the row. */
async function measure(dist: Dist, env: Readonly<Record<string, string>>, requests: number) {
  const started = performance.now();
  await using server = await startDist(dist, { SLUICE_WORKERS: `${WORKERS}`, ...env });
  const startMs = round(performance.now() - started, 0);
  const memory = () => residentMb(server.pid);
  const before = await memory();
  const most = await load(server.address, requests, memory);
  const after = await memory();
  return {
    deno: Deno.version.deno,
    setting: Object.entries(env).map(([name, value]) => `${name}=${value}`).join(" "),
    dist_mb: Number(dist.printed.match(/has ([\d.]+) MB/)?.[1]),
    start_ms: startMs,
    workers: WORKERS,
    rss_start_mb: before,
    requests,
    rss_most_mb: Math.max(before, most, after),
    rss_after_mb: after,
  };
}

const { requests } = readCounts({ requests: 1000 });
await using dist = await makeDist();
console.log(dist.printed);
const rows = [
  await measure(dist, {}, requests),
  await measure(dist, { MALLOC_TRIM_THRESHOLD_: "1000000" }, requests),
];
await report("dist", [...await otherRows(), ...rows]);
