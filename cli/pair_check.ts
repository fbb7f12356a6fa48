/**
 * Loads a pair as the server does, runs every node, and says what it found: shapes, time, memory, and what is
 * wrong or looks wrong.
 *
 * ```
 * deno task pair:check digits
 * SLUICE_PLUGINS=../my-pairs deno task pair:check digits
 * ```
 *
 * @module
 */

import { show } from "../policies/mod.ts";
import { PluginCodeError, PluginError } from "../registry/mod.ts";
import { type CheckedPair, checkPair } from "./pair_check/check_pair.ts";
import { findPlugin } from "./pair_check/find_plugin.ts";
import { pluginFolders } from "./shared/plugin_folders.ts";
import { messageOf, runMain } from "./shared/run_main.ts";

const USAGE = "Usage: deno task pair:check <pair>";

/** What helps, by the end of the field at fault. */
const ADVICE: readonly (readonly [field: RegExp, advice: string])[] = [
  [/\.sha256$/, "if the file is the right one, put its SHA-256 there"],
  [/\.source$/, "look at the path, which is taken from the folder of pair.ts"],
  [
    /\.inputs/,
    "deno task pair:new finds out what models read; or see docs/plugins.md, early exits",
  ],
  [/\.output$/, "name the output that has one score for each label"],
  [
    /^graph/,
    'every node but the last needs one that may follow; chain("a", "b") is the usual case',
  ],
  [/^labels|^models\.[^.]+$/, "see docs/plugins.md for what pair.ts holds"],
];

function print({ pair, nodes, findings }: CheckedPair): void {
  console.table(nodes.map((node) => ({
    node: node.name,
    backend: node.reason ? `${node.backend} (${node.reason})` : node.backend,
    reads: node.inputs.map(({ name, shape }) => `${name} ${show(shape)}`).join(", "),
    gives: node.outputs.map(({ name, shape }) => `${name} ${show(shape)}`).join(", "),
    "MB file": (node.bytes / 1e6).toFixed(2),
    "MB memory": (node.memory / 1e6).toFixed(1),
    "median ms": node.ms.toFixed(3),
  })));
  for (const { node, text } of findings) console.log(`Warning: ${node ? `${node}: ` : ""}${text}`);
  const warned = findings.length === 0 ? "nothing looks wrong" : `${findings.length} warnings`;
  console.log(`\n${pair.name}: ${nodes.length} nodes load, fit each other and run; ${warned}.`);
}

async function main([name, ...others]: string[]): Promise<void> {
  if (name === undefined || others.length > 0) throw new Error(USAGE);
  const { folders, further } = pluginFolders();
  const checked = await checkPair(await findPlugin(name, folders));
  print(checked);
  const own = further.length > 0 ? `SLUICE_PLUGINS=${further.join(",")} ` : "";
  const trace = `${own}deno task trace ${checked.pair.name} --data <folder>`;
  console.log(
    `Next: ${trace}, then deno task learn ${checked.pair.name}, then ${own}deno task start`,
  );
}

function explain(error: unknown): string {
  if (error instanceof PluginCodeError) {
    const stack = error.cause instanceof Error ? `\n${error.cause.stack}` : "";
    return `${error.message}\nsee docs/plugins.md for what code is given, and must give${stack}`;
  }
  if (!(error instanceof PluginError)) return messageOf(error);
  const advice = ADVICE.find(([field]) => field.test(error.field))?.[1];
  return advice ? `${error.message}\n${advice}` : error.message;
}

if (import.meta.main) {
  await runMain(() => main(Deno.args), explain);
}
