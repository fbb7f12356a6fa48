import { readMeasured } from "./measured.ts";

/** What a build takes, as bench/dist.json has it. */
interface DistRow {
  readonly deno: string;
  readonly setting: string;
  readonly dist_mb: number;
  readonly start_ms: number;
  readonly workers: number;
  readonly rss_start_mb: number;
  readonly requests: number;
  readonly rss_most_mb: number;
}

/** Writes what a build takes: space, time to start, memory. */
export async function writeDist(): Promise<string> {
  const { machine: { cpu, cores, date }, rows } = await readMeasured<DistRow>("dist");
  const builds = rows.map((row) => {
    return `| ${row.deno} | ${row.setting && `\`${row.setting}\``} | ${row.dist_mb} MB | ${
      (row.start_ms / 1000).toFixed(1)
    } s | ${row.rss_start_mb} MB | ${row.rss_most_mb} MB |`;
  });
  const [any] = rows;
  return `With the shipped pairs and ${any?.workers} workers (\`deno task bench:dist\`; ${cpu}, ${cores} cores, ${date}):

| Deno | setting | \`dist/\` | until all pairs answer | resident memory then | most within ${any?.requests} requests |
|---|---|---|---|---|---|
${builds.join("\n")}`;
}
