import { fileURLToPath } from "node:url";

/** The day, and what deciding took on this machine. */
const OF_THE_RUN = new Set(["date", "policy_ms_measured"]);

/**
 * Learns a pair's policy from the trace that ships, with the default seed, by the checkout's own task.
 *
 * @param pair The pair.
 * @param checkout A checkout that may be written to, with a trailing slash.
 * @returns The policy document and the report, without the day and what was measured meanwhile.
 * @throws {Error} If the task fails; with what it printed.
 */
export async function learnAnew(
  pair: string,
  checkout: URL,
): Promise<[name: string, value: unknown][]> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["task", "learn", pair],
    cwd: fileURLToPath(checkout),
    env: { NO_COLOR: "1" },
  }).output();
  if (!success) {
    const decoder = new TextDecoder();
    throw new Error(`Cannot learn ${pair}:\n${decoder.decode(stdout)}${decoder.decode(stderr)}`);
  }
  const paths = [`policies/live/${pair}.json`, `reports/${pair}/report.json`];
  return await Promise.all(paths.map(async (path): Promise<[string, unknown]> => {
    return [path, withoutRun(JSON.parse(await Deno.readTextFile(new URL(path, checkout))))];
  }));
}

function withoutRun(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (key, member) => OF_THE_RUN.has(key) ? undefined : member),
  );
}
