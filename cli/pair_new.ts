/**
 * Makes a plugin of ONNX files: reads what they say of themselves, writes `pair.ts`, copies the files, and
 * adds a model card and a first policy. `docs/plugins.md` shows the way from there to a certified policy.
 *
 * ```
 * deno task pair:new digits small.onnx large.onnx --labels labels.txt
 * ```
 *
 * @module
 */

import { fileURLToPath, pathToFileURL } from "node:url";
import { type MadePair, makePair } from "./pair_new/make_pair.ts";
import { readNewPair } from "./pair_new/read_arguments.ts";
import { runMain } from "./shared/run_main.ts";

const ROOT = new URL("../", import.meta.url);
const POLICIES = new URL("policies/live/", ROOT);

async function main(args: string[]): Promise<void> {
  const wishes = await readNewPair(args, { ask: Deno.stdin.isTerminal() ? prompt : undefined });
  report(await makePair(wishes, POLICIES), wishes.into);
}

function report({ pair, models, notes, folder, policy }: MadePair, into: string): void {
  console.table(models.map(({ name, bytes, ms, inputs }) => ({
    node: name,
    reads: pair.models[name]?.inputs
      ? Object.values(pair.models[name].inputs).join(", ")
      : `${pair.input.name} [${inputs[0]?.shape.join(", ")}]`,
    bytes,
    "median ms": ms?.toFixed(3) ?? "not measured",
  })));
  console.log(`From cheap to expensive: ${models.map(({ name }) => name).join(" → ")}`);
  for (const note of notes) console.log(`Note: ${note}`);
  console.log(`\n${fileURLToPath(folder)}: pair.ts, README.md and the models`);
  console.log(
    `${fileURLToPath(policy)}: a first policy, ${models.at(-1)?.name} answers everything`,
  );
  const own = fileURLToPath(new URL("registry/plugins/", ROOT));
  const outside = !pathToFileURL(`${into}/`).pathname.startsWith(pathToFileURL(own).pathname);
  const plugins = outside ? `SLUICE_PLUGINS=${into} ` : "";
  console.log(`\nNext: ${plugins}deno task pair:check ${pair.name}`);
  console.log(
    `then: ${plugins}deno task trace ${pair.name} --data <folder of images and labels.csv>`,
  );
}

if (import.meta.main) {
  await runMain(() => main(Deno.args));
}
