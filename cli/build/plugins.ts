import { fileURLToPath } from "node:url";
import { buildGraph, parsePair, type Plugin } from "../../registry/mod.ts";
import { cachedFile, type ModelFile, readModels } from "../../registry/models/mod.ts";
import type { PairSpec } from "../../registry/pair/mod.ts";
import { readSourceRules } from "../shared/source_rules.ts";
import { bundlePlugin } from "./bundle.ts";

/** A plugin of a build. */
export interface BuiltPlugin {
  /** Name of its folder. */
  readonly folder: string;
  /** What it exports. */
  readonly pair: PairSpec;
  /** SHA-256 of its models, by node. */
  readonly models: Readonly<Record<string, string>>;
}

/** Options of {@linkcode buildPlugins}. */
export interface BuildPluginsOptions {
  /** Folder of the build, with a trailing slash. */
  readonly out: URL;
  /** Folder in which models of the network are kept by their hash, with a trailing slash. */
  readonly cache: URL;
}

/**
 * Bundles plugins into `plugins/<folder>/pair.js` and puts their models into `models/`, those of the
 * network included, each under its hash.
 *
 * @param plugins The plugins.
 * @param options See {@linkcode BuildPluginsOptions}.
 * @returns The plugins in their order.
 * @throws {AggregateError} If plugins cannot be used or models cannot be had; one error for each.
 */
export async function buildPlugins(
  plugins: readonly Plugin[],
  options: BuildPluginsOptions,
): Promise<BuiltPlugin[]> {
  const [built, errors]: [BuiltPlugin[], Error[]] = [[], []];
  for (const plugin of plugins) {
    try {
      const { folder } = plugin;
      if (built.some((other) => other.folder === folder)) {
        throw new Error(`folder: another plugin lies in a folder ${folder}, expected a new name`);
      }
      const pair = await bundlePair(plugin, options.out);
      if (built.some((other) => other.pair.name === pair.name)) {
        throw new Error(`name: ${pair.name} is the name of another plugin, expected a new one`);
      }
      built.push({ folder, pair, models: await copyModels(pair, plugin.url, options) });
    } catch (error) {
      const reasons = error instanceof AggregateError ? error.errors : [error];
      errors.push(...reasons.map((reason) => {
        return new Error(`plugin ${plugin.folder}: ${reason.message}`, { cause: reason });
      }));
    }
  }
  if (errors.length > 0) throw new AggregateError(errors, "Cannot build the plugins");
  return built;
}

/** Imports the bundle and not the source, so that what is served has been tried. */
async function bundlePair({ folder, url }: Plugin, out: URL): Promise<PairSpec> {
  const file = new URL(`plugins/${encodeURIComponent(folder)}/pair.js`, out);
  await bundlePlugin(fileURLToPath(url), fileURLToPath(file));
  const pair = parsePair((await import(file.href)).default);
  buildGraph(pair);
  return pair;
}

async function copyModels(
  pair: PairSpec,
  base: URL,
  { out, cache }: BuildPluginsOptions,
): Promise<Record<string, string>> {
  const hashes: Record<string, string> = {};
  const errors: unknown[] = [];
  for (const [node, model] of Object.entries(pair.models)) {
    // It stays where it is.
    if (model.backend === "remote") continue;
    try {
      const options = { cache, ...readSourceRules() };
      const files = await readModels({ ...pair, models: { [node]: model } }, base, options);
      const { bytes, sha256 } = files[node] as ModelFile;
      await Deno.writeFile(cachedFile(new URL("models/", out), sha256), bytes);
      hashes[node] = sha256;
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length > 0) throw new AggregateError(errors);
  return hashes;
}
