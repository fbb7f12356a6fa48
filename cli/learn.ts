/**
 * Learns the policy of a pair from its trace, certifies it, writes it to `policies/live/<pair>.json`
 * and a report to `reports/<pair>/`. Needs no model. Nothing is written if anything fails.
 *
 * ```
 * deno task learn fashion-mnist
 * deno task learn fashion-mnist --max-loss 0.5%
 * deno task learn fashion-mnist --max-cost 2ms --max-loss 1%
 * ```
 *
 * @module
 */

import { formatPolicy, learnPolicy, lossKindOf, saySplit } from "../policies/learn/mod.ts";
import type { PolicyDocument } from "../policies/mod.ts";
import { replaceFile } from "../policies/stores/mod.ts";
import { readLearnArguments, readLoss } from "./learn/arguments.ts";
import { readPolicyMs, readTrace } from "./learn/inputs.ts";
import { judgePolicy, sayReport } from "./learn/judge.ts";
import { sayActive } from "./learn/say_active.ts";
import { showProgress } from "./shared/progress.ts";
import { runMain } from "./shared/run_main.ts";
import { HERE, type Surroundings } from "./shared/surroundings.ts";

/**
 * Runs the command.
 *
 * @param args Its arguments.
 * @param surroundings See {@linkcode Surroundings}.
 * @throws {Error} If an argument, the trace or the budget cannot be used; nothing is written.
 */
export async function learn(
  args: string[],
  { root, print, startProgress }: Surroundings,
): Promise<void> {
  const wanted = readLearnArguments(args);
  if (typeof wanted === "string") return print(wanted);
  const { pair, budget, seed, delta, policyClasses, combines } = wanted;
  const file = await readTrace(root, pair, wanted.trace);
  const { trace, source, hash } = file;
  print(`${source}: ${trace.count} examples of ${trace.nodes.length} nodes, ${trace.measured}`);
  const policyMs = readPolicyMs(wanted.policyMs, trace);
  const kind = wanted.loss === undefined ? lossKindOf(trace) : readLoss(wanted.loss);
  const started = performance.now();
  const { document: learned, split, validated } = learnPolicy(trace, {
    kind,
    budget,
    seed,
    delta,
    policyMs,
    policyClasses,
    combines,
    onStep: print,
    onFit: showProgress("Families", startProgress),
    onFold: showProgress("Folds", startProgress),
  });
  const document: PolicyDocument = {
    ...learned,
    provenance: {
      ...learned.provenance,
      date: new Date().toISOString().slice(0, 10),
      data: `${source}, SHA-256 ${hash}`,
      n: trace.count,
      split: saySplit(split),
      seed,
      tool: "sluice learn",
    },
  };
  const text = formatPolicy(document);
  const options = { root, document, text, split, seed, policyMs, print, validated };
  const { report, write } = await judgePolicy(file, options);
  await write();
  // Last, because a server may be watching it.
  await replaceFile(
    new URL(`policies/live/${pair}.json`, root),
    new TextEncoder().encode(text),
  );

  print(`\n${sayReport(report)}\n`);
  print(sayActive(document, budget));
  print(`\nWritten in ${((performance.now() - started) / 1000).toFixed(1)} s:`);
  print(`  policies/live/${pair}.json   the policy; a server takes it at its next start`);
  print(`  reports/${pair}/report.html  the report; open it in a browser`);
  print("Next: deno task start, or --max-loss, --max-cost, --speedup for another point");
}

if (import.meta.main) {
  await runMain(() => learn(Deno.args, HERE));
}
