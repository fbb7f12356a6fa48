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

import { parseArgs } from "node:util";
import { parseFactor, parseMilliseconds, parseShare } from "../policies/quantity.ts";
import {
  type Budget,
  checkBudget,
  type CombineKind,
  formatPolicy,
  learnPolicy,
  type LossKind,
  ms,
  percent,
  type PolicyClass,
  policyMsOf,
  sayBudget,
  type Split,
} from "../policies/learn/mod.ts";
import type { PolicyDocument } from "../policies/mod.ts";
import { pairName, parseSeed, readTrace } from "./learn/inputs.ts";
import { judgePolicy, sayReport } from "./learn/judge.ts";
import { showProgress } from "./shared/progress.ts";
import { replaceFile } from "../policies/stores/replace_file.ts";
import { runMain } from "./shared/run_main.ts";
import { HERE, type Surroundings } from "./shared/surroundings.ts";

const LOSSES: readonly LossKind[] = ["signed", "top1", "signed5", "top5", "consistency"];
const POLICY_CLASSES: readonly PolicyClass[] = ["threshold", "logistic", "trees"];
const COMBINES: readonly CombineKind[] = ["last", "mean", "learned"];
const USAGE = `Usage: deno task learn <pair> [options]

  --trace <file>      the trace (traces/<pair>.npz)
  --max-loss <share>  largest loss of the active point, such as 1% (the default)
  --max-cost <time>   largest mean cost of the active point, such as 2ms
  --speedup <factor>  least speedup of the active point over the full model, such as 3
  --lambda <ms>       instead of limits: the price of one unit of loss, milliseconds
  --loss <kind>       signed (accuracy given up; the default with labels), top1, signed5, top5, or
                      consistency (disagreement with the full model; needs no labels)
  --class <list>      threshold, logistic, trees: those to choose from (all; logistic
                      where examples are few)
  --combine <list>    last, mean, learned: how answers become one, those to choose from (last,learned;
                      learned where examples are few)
  --delta <share>     chance that a certificate is wrong (5%)
  --seed <n>          seed of the split and the fits (0)
  --policy-ms <time>  what a decision is counted as`;

const OPTIONS = {
  trace: { type: "string" },
  "max-loss": { type: "string" },
  "max-cost": { type: "string" },
  speedup: { type: "string" },
  lambda: { type: "string" },
  loss: { type: "string" },
  class: { type: "string" },
  combine: { type: "string" },
  delta: { type: "string", default: "5%" },
  seed: { type: "string", default: "0" },
  "policy-ms": { type: "string" },
  help: { type: "boolean", short: "h" },
} as const;

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
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options: OPTIONS });
  if (values.help) return print(USAGE);
  const pair = pairName(positionals, USAGE);
  const budget = readBudget(values);
  const delta = parseShare("--delta", values.delta);
  const seed = parseSeed("--seed", values.seed);
  const policyClasses = readList("--class", values.class, POLICY_CLASSES);
  const combines = readList("--combine", values.combine, COMBINES);

  const file = await readTrace(root, pair, values.trace);
  const { trace, source, hash } = file;
  print(`${source}: ${trace.count} examples of ${trace.nodes.length} nodes, ${trace.measured}`);
  const policyMs = values["policy-ms"] === undefined
    ? policyMsOf(trace)
    : parseMilliseconds("--policy-ms", values["policy-ms"]);
  const kind = readLoss(values.loss ?? (trace.labels ? "signed" : "consistency"));
  const started = performance.now();
  const onFold = showProgress("Folds", startProgress);
  const learned = learnPolicy(trace, {
    kind,
    budget,
    seed,
    delta,
    policyMs,
    policyClasses,
    combines,
    onStep: print,
    onFit: showProgress("Families", startProgress),
    onFold,
  });
  const document: PolicyDocument = {
    ...learned.document,
    provenance: {
      ...learned.document.provenance,
      date: new Date().toISOString().slice(0, 10),
      data: `${source}, SHA-256 ${hash}`,
      n: trace.count,
      split: sayParts(learned.split),
      seed,
      tool: "sluice learn",
    },
  };
  const text = formatPolicy(document);
  const { split, validated } = learned;
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

function sayParts(split: Split): string {
  return Object.entries(split).filter(([, rows]) => rows.length > 0)
    .map(([part, rows]) => `${rows.length} ${part}`).join(", ");
}

type Values = Partial<Record<"max-loss" | "max-cost" | "speedup" | "lambda", string>>;

function readBudget(values: Values): Budget {
  const read = (name: keyof Values, parse: (name: string, text: string) => number) => {
    const text = values[name];
    return text === undefined ? undefined : parse(`--${name}`, text);
  };
  const budget = {
    maxLoss: read("max-loss", parseShare),
    maxCost: read("max-cost", parseMilliseconds),
    speedup: read("speedup", parseFactor),
    lambda: read("lambda", parseMilliseconds),
  };
  checkBudget(budget);
  return budget;
}

/** Different names out of a list, separated by commas; nothing if not given. */
function readList<T extends string>(
  name: string,
  text: string | undefined,
  known: readonly T[],
): T[] | undefined {
  if (text === undefined) return undefined;
  const names = text.split(",").map((part) => part.trim());
  const unknown = names.find((part) => !known.some((own) => own === part));
  if (unknown === undefined) return known.filter((own) => names.includes(own));
  throw new RangeError(
    `Cannot use ${name} ${text}: there is no ${JSON.stringify(unknown)}, expected some of ${
      known.join(", ")
    }`,
  );
}

function readLoss(text: string): LossKind {
  const kind = LOSSES.find((known) => known === text);
  if (kind) return kind;
  throw new RangeError(`Cannot use --loss ${text}: expected one of ${LOSSES.join(", ")}`);
}

function sayActive({ active, certified, points }: PolicyDocument, budget: Budget): string {
  const asked = sayBudget(budget) || "loss ≤ 1%";
  const point = points.find(({ id }) => id === active);
  if (!point) {
    return `No point is proved to keep ${asked}: ${active} is served. More examples to certify with, ` +
      "or a larger --max-loss, may change that.";
  }
  const { expected, cost_bound, certificates = [] } = point;
  const least = Math.min(...certificates.map(({ alpha }) => alpha));
  const proved = certificates.length === 0 ? "" : `, proved to keep loss ≤ ${percent(least)}`;
  const promise = certified
    ? `proved to keep ${asked}`
    : `${budget.lambda === undefined ? "expected to keep" : "best for"} ${asked}${proved}`;
  const cost = expected ? `, expected cost ${ms(expected.cost)}` : "";
  const bound = cost_bound ? `, proved to stay below ${ms(cost_bound.bound)} on average` : "";
  return `Active: ${active}, ${promise}${cost}${bound}.`;
}

if (import.meta.main) {
  await runMain(() => learn(Deno.args, HERE));
}
