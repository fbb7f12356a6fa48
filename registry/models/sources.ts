import { PluginError } from "../base/errors.ts";
import type { ModelSpec, PairSpec } from "../pair/pair_spec.ts";
import { downloadModel, type DownloadOptions, WrongHashError } from "./download_model.ts";
import { hashOf, MODEL_CACHE, readCached } from "./model_cache.ts";
import type { ModelFile } from "./model_file.ts";
import { readModelFile } from "./read_model_file.ts";
import { describeRemote } from "./remote_model.ts";
import { shownSource } from "./shown_source.ts";
import type { SourceRules } from "./source_rules.ts";

/** Options of {@linkcode readModels}. */
export interface ReadModelsOptions extends Partial<SourceRules> {
  /**
   * URL of the cache, with a trailing slash.
   *
   * @default `models/`
   */
  readonly cache?: URL | undefined;
}

/**
 * Reads the models of a pair and checks their hashes. One on the network is looked for in the cache
 * first, and fetched if it is not there; the cache is not written (`deno task models` does that). One
 * that a remote backend runs stays where it is.
 *
 * @param pair The checked pair.
 * @param base URL of the plugin file, against which relative sources are resolved.
 * @param options Where the cache is, and what models of the network may be.
 * @returns The files by node.
 * @throws {PluginError} If a file cannot be read or has another hash.
 */
export async function readModels(
  pair: PairSpec,
  base: URL,
  options: ReadModelsOptions = {},
): Promise<Record<string, ModelFile>> {
  const files: [node: string, file: ModelFile][] = [];
  // In turn: of those that are fetched only one is held that has not been checked.
  for (const [node, model] of Object.entries(pair.models)) {
    const file = model.backend === "remote"
      ? describeRemote(node, pair)
      : await readModel(node, model, base, options);
    files.push([node, file]);
  }
  return Object.fromEntries(files);
}

/**
 * Where a model on the network is, and how it must hash.
 *
 * @param node Name of the model's node.
 * @param model The model.
 * @param base URL of the plugin file.
 * @returns URL and hash; undefined for a model in a file, or that stays where it is.
 * @throws {PluginError} If the source is neither a path nor an http or https URL, or has no hash.
 */
export function networkSource(
  node: string,
  model: ModelSpec,
  base: URL,
): { readonly url: URL; readonly sha256: string } | undefined {
  if (model.backend === "remote") return undefined;
  const url = resolve(`models.${node}.source`, model.source, base);
  if (url.protocol === "file:") return undefined;
  if (model.sha256 !== undefined) return { url, sha256: model.sha256 };
  throw new PluginError(
    `models.${node}.sha256`,
    "missing, expected the SHA-256 of a model that is read from the network",
  );
}

async function readModel(
  node: string,
  model: ModelSpec,
  base: URL,
  { cache = MODEL_CACHE, ...rules }: ReadModelsOptions,
): Promise<ModelFile> {
  const field = `models.${node}.source`;
  const { source } = model;
  const remote = networkSource(node, model, base);
  if (remote) {
    const { url, sha256 } = remote;
    const bytes = await fromCache(field, cache, sha256) ??
      await download(node, model, url, { ...rules, sha256 });
    return { bytes, sha256 };
  }
  const bytes = await readFile(field, source, resolve(field, source, base), new URL(".", base));
  const sha256 = hashOf(bytes);
  if (model.sha256 !== undefined && model.sha256 !== sha256) throw wrongHash(node, model, sha256);
  return { bytes, sha256 };
}

function wrongHash(node: string, { source, sha256 }: ModelSpec, actual: string): PluginError {
  const reason = `${shownSource(source)} has SHA-256 ${actual}, expected ${sha256}`;
  return new PluginError(`models.${node}.sha256`, reason);
}

function resolve(field: string, source: string, base: URL): URL {
  const url = URL.parse(source, base);
  if (url && ["file:", "https:", "http:"].includes(url.protocol)) return url;
  throw new PluginError(
    field,
    `cannot use ${shownSource(source)}, expected a path or an https URL`,
  );
}

async function readFile(
  field: string,
  source: string,
  url: URL,
  folder: URL,
): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return await readModelFile(url, folder.protocol === "file:" ? folder : undefined);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) {
      throw new PluginError(field, `file ${source} does not exist`);
    }
    throw new PluginError(field, `cannot read ${source}: ${(error as Error).message}`);
  }
}

async function fromCache(
  field: string,
  cache: URL,
  sha256: string,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  try {
    return await readCached(cache, sha256);
  } catch (error) {
    throw new PluginError(field, (error as Error).message);
  }
}

async function download(
  node: string,
  model: ModelSpec,
  url: URL,
  options: DownloadOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return await downloadModel(url, options);
  } catch (error) {
    if (error instanceof WrongHashError) throw wrongHash(node, model, error.actual);
    throw new PluginError(
      `models.${node}.source`,
      `models/ does not have it, and ${shownSource(url.href)} cannot be fetched: ` +
        `${(error as Error).message}; deno task models --from <folder> takes it from a folder`,
    );
  }
}
