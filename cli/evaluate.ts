/**
 * Judges the policy that is live for a pair against its baselines, on the held-out examples of the
 * trace; prints the table and writes `reports/<pair>/`.
 *
 * ```
 * deno task evaluate fashion-mnist
 * ```
 *
 * @module
 */

import { parseArgs } from "node:util";
import { splitAny } from "../policies/learn/mod.ts";
import { bindPolicy, parsePolicy } from "../policies/mod.ts";
import { pairName, readPolicyMs, readTrace } from "./learn/inputs.ts";
import { showProgress } from "./shared/progress.ts";
import { judgePolicy, sayReport } from "./learn/judge.ts";
import { runMain } from "./shared/run_main.ts";
import { HERE, type Surroundings } from "./shared/surroundings.ts";
import { ifThere } from "./shared/if_there.ts";

const USAGE = `Usage: deno task evaluate <pair> [options]

  --trace <file>      the trace (traces/<pair>.npz)
  --policy-ms <time>  what a decision is counted as`;

/**
 * Runs the command.
 *
 * @param args Its arguments.
 * @param surroundings Where it works.
 * @throws {Error} If the policy or the trace cannot be used, or they do not belong together; nothing
 * is written.
 */
export async function evaluateLive(
  args: string[],
  { root, print, startProgress }: Surroundings,
): Promise<void> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { trace: { type: "string" }, "policy-ms": { type: "string" } },
  });
  const pair = pairName(positionals, USAGE);
  const file = await readTrace(root, pair, values.trace);
  const { trace } = file;
  const text = await readLive(root, pair);
  const { document } = bindPolicy(parsePolicy(text), trace);
  const { seed } = document.provenance;
  if (seed === undefined) {
    throw new Error(
      `Cannot judge policies/live/${pair}.json: provenance: it names no seed, so that the examples ` +
        `it was made from cannot be told from others; \`deno task learn ${pair}\` learns one`,
    );
  }
  const policyMs = readPolicyMs(values["policy-ms"], trace);
  if (document.provenance.data?.includes(file.hash) !== true) {
    print("Note: the policy was learned from another trace, or from this one before it changed");
  }
  const split = splitAny(trace, seed);
  const onFold = showProgress("Folds", startProgress);
  const options = { root, document, text, split, seed, policyMs, print, onFold };
  const { report, write } = await judgePolicy(file, options);
  await write();
  print(`\n${sayReport(report)}\n`);
  print(`Written: reports/${pair}/report.json, report.md, report.html and plot.svg`);
}

async function readLive(root: URL, pair: string): Promise<string> {
  const text = await ifThere(Deno.readTextFile(new URL(`policies/live/${pair}.json`, root)));
  if (text !== undefined) return text;
  throw new Error(
    `Cannot judge the policy of ${pair}: there is no policies/live/${pair}.json; ` +
      `\`deno task learn ${pair}\` writes one`,
  );
}

if (import.meta.main) {
  await runMain(() => evaluateLive(Deno.args, HERE));
}
