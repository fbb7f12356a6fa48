/**
 * Makes a plugin of ONNX files: reads what they say of themselves, writes `pair.ts`, copies the files, and
 * adds a model card and a first policy. `docs/plugins.md` shows the way from there to a certified policy.
 *
 * ```
 * deno task pair:new digits --model small=small.onnx --model large=large.onnx --labels labels.txt
 * ```
 *
 * @module
 */

import { fileURLToPath, pathToFileURL } from "node:url";
import { parsePair } from "../registry/pair.ts";
import { inferPair, type InferredPair } from "./pair_new/infer_pair.ts";
import { type NewPairArguments, readNewPair } from "./pair_new/read_arguments.ts";
import { readModel } from "./pair_new/read_models.ts";
import { cardText, pairText, policyText } from "./pair_new/texts.ts";

const ROOT = new URL("../", import.meta.url);
const POLICIES = new URL("policies/live/", ROOT);

async function main(args: string[]): Promise<void> {
  const wishes = await readNewPair(args, { ask: Deno.stdin.isTerminal() ? prompt : undefined });
  const folder = new URL(`${wishes.name}/`, pathToFileURL(`${wishes.into}/`));
  const policy = new URL(`${wishes.name}.json`, POLICIES);
  await checkNew(folder);
  await checkNew(policy);
  const models = [];
  for (const { name, path } of wishes.models) {
    models.push(await readModel(name, pathToFileURL(path)));
  }
  const inferred = inferPair(models, wishes);
  // What is written can be loaded.
  parsePair(inferred.pair);
  await write(folder, inferred);
  await Deno.writeTextFile(policy, policyText(inferred));
  report(inferred, { folder, policy, into: wishes.into });
}

async function checkNew(place: URL): Promise<void> {
  try {
    await Deno.lstat(place);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return;
    throw error;
  }
  throw new Error(
    `${fileURLToPath(place)} is there already, expected a new name: nothing was changed`,
  );
}

async function write(folder: URL, inferred: InferredPair): Promise<void> {
  await Deno.mkdir(folder, { recursive: true });
  for (const { name, file } of inferred.models) {
    await Deno.copyFile(file, new URL(`${name}.onnx`, folder));
  }
  await Deno.writeTextFile(new URL("README.md", folder), cardText(inferred));
  await Deno.writeTextFile(new URL("pair.ts", folder), pairText(inferred.pair));
}

function report(
  { pair, models, notes }: InferredPair,
  { folder, policy, into }: { folder: URL; policy: URL; into: NewPairArguments["into"] },
): void {
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
  try {
    await main(Deno.args);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    Deno.exit(1);
  }
}
