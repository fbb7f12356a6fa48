/**
 * Runs every network of a pair on a data set and writes what they answer and what they cost to
 * `traces/<pair>.npz`, from which policies are learned. `docs/traces.md` describes the file.
 *
 * ```
 * deno task trace fashion-mnist --data data/fashion-mnist
 * deno task trace my-pair --data my-images --out work/my-pair.npz --top all
 * ```
 *
 * A run that was interrupted goes on where it was. Answers stay in `work/traces/`: the same command
 * again measures only the costs anew.
 *
 * @module
 */

import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { describeMachine } from "./shared/machine.ts";
import { allRows, simulate } from "../policies/learn/replay/mod.ts";
import { decodeTrace, encodeTrace, type Trace } from "../policies/learn/trace/mod.ts";
import { alwaysSelector } from "../policies/mod.ts";
import { folderUrl } from "../registry/mod.ts";
import { replaceFile } from "../policies/stores/mod.ts";
import { findPair } from "./trace/find_pair.ts";
import { readExamples } from "./trace/read_examples.ts";
import { runTrace } from "./trace/run_trace.ts";
import { parseTop } from "./trace/top.ts";
import { pluginFolders } from "./shared/plugin_folders.ts";
import { runMain } from "./shared/run_main.ts";
import { parseWholeNumber } from "./shared/whole_number.ts";

const ROOT = new URL("../", import.meta.url);
const USAGE = `Usage: deno task trace <pair> --data <folder> [options]

  --data <folder>    four IDX files like those of Fashion-MNIST, or images with labels.csv
  --held-out <n>     IDX: the last n training images, on which no network was trained (12000)
  --part <0|1>       images: 0 to learn from (the default), 1 only for reports
  --top <k>          how many of the largest logits of each answer to keep; all: every one
                     (64 of more than 100 classes, else all)
  --out <file>       where to write (traces/<pair>.npz)`;

interface Arguments {
  readonly name: string;
  readonly data: URL;
  readonly out: URL;
  readonly heldOut?: number | undefined;
  readonly part?: number | undefined;
  readonly top?: string | undefined;
}

function readArguments(args: string[]): Arguments {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      data: { type: "string" },
      out: { type: "string" },
      part: { type: "string" },
      top: { type: "string" },
      "held-out": { type: "string" },
    },
  });
  const [name, ...others] = positionals;
  if (name === undefined || others.length > 0 || values.data === undefined) throw new Error(USAGE);
  return {
    name,
    data: folderUrl(values.data),
    out: values.out === undefined ? new URL(`traces/${name}.npz`, ROOT) : pathToFileURL(values.out),
    part: wholeNumber("--part", values.part, 0, 1),
    top: values.top,
    heldOut: wholeNumber("--held-out", values["held-out"], 1, 1e9),
  };
}

function wholeNumber(
  name: string,
  text: string | undefined,
  min: number,
  max: number,
): number | undefined {
  return text === undefined ? undefined : parseWholeNumber(name, text, min, max);
}

/** Shows what was found, for a glance whether it can be right. */
function printSummary(trace: Trace): void {
  console.table(trace.nodes.map((node) => {
    const [p10, p90] = trace.spread?.[node] ?? [];
    return {
      node,
      ...(trace.labels && { "right, part 0": share(trace, node, 0) }),
      ...(trace.labels && { "right, part 1": share(trace, node, 1) }),
      median_ms: trace.cost[node]?.toFixed(3),
      p10_ms: p10?.toFixed(3),
      p90_ms: p90?.toFixed(3),
    };
  }));
  console.log(trace.measured);
  const busy = trace.nodes.some((node) =>
    (trace.spread?.[node]?.[1] ?? 0) > 2 * (trace.cost[node] ?? 0)
  );
  if (busy) {
    console.log(
      "Costs vary a lot: the machine was busy. On a quiet one, the same command measures them anew.",
    );
  }
}

/** The share of a part's examples that a node answers right when it runs after all before it. */
function share(trace: Trace, node: string, part: number): string {
  const order = trace.nodes.slice(0, trace.nodes.indexOf(node) + 1);
  const rows = allRows(trace, part);
  const { right } = simulate(trace, rows, alwaysSelector(order), { policyMs: 0 });
  const hits = right.reduce((sum, value) => sum + value, 0);
  return right.length === 0 ? "-" : `${(100 * hits / right.length).toFixed(2)}%`;
}

async function main(args: string[]): Promise<void> {
  const { name, data, out, part, heldOut, ...text } = readArguments(args);
  const found = await findPair(name, pluginFolders().folders, console.error);
  const top = parseTop(text.top, found.pair.labels.length);
  const examples = await readExamples(data, found.pair, { part, heldOut });
  const { cpu, cores, deno, date } = describeMachine();
  const trace = await runTrace(found, examples, {
    work: new URL("work/traces/", ROOT),
    machine: `${cpu}, ${cores} cores; Deno ${deno}; ${date}`,
  });
  const bytes = encodeTrace(trace, { top });
  // Read again before it replaces another: what is written can be used.
  printSummary(decodeTrace(bytes, out.pathname));
  await replaceFile(out, bytes);
  const learn = allRows(trace, 0).length;
  console.log(
    `\n${out.pathname}: ${trace.count} examples, ${learn} to learn from and ` +
      `${trace.count - learn} for reports; ${bytes.length} bytes.`,
  );
  console.log(`Next: deno task learn ${name}`);
}

if (import.meta.main) {
  await runMain(() => main(Deno.args));
}
