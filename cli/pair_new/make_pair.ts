import { fileURLToPath, pathToFileURL } from "node:url";
import { parsePair } from "../../registry/mod.ts";
import { inferPair, type InferredPair } from "./infer_pair.ts";
import type { NewPairArguments } from "./read_arguments.ts";
import { readModel } from "./read_models.ts";
import { cardText, pairText, policyText } from "./texts.ts";
import { ifThere } from "../shared/if_there.ts";

/** A pair that was made. */
export interface MadePair extends InferredPair {
  /** The plugin's folder, with a trailing slash. */
  readonly folder: URL;
  /** Its first policy. */
  readonly policy: URL;
}

/**
 * Makes a plugin: `pair.ts`, the models, a model card, and a first policy. What is there already is never
 * overwritten, and nothing is written before all models have been read.
 *
 * @param wishes What is wanted.
 * @param policies Folder of the live policies, with a trailing slash.
 * @returns The pair and where it is.
 * @throws {Error} If the plugin or its policy is there already, or the models cannot be a pair.
 */
export async function makePair(wishes: NewPairArguments, policies: URL): Promise<MadePair> {
  const folder = new URL(`${wishes.name}/`, pathToFileURL(`${wishes.into}/`));
  const policy = new URL(`${wishes.name}.json`, policies);
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
  return { ...inferred, folder, policy };
}

async function checkNew(place: URL): Promise<void> {
  if (await ifThere(Deno.lstat(place)) === undefined) return;
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
