import { PluginError } from "../base/errors.ts";
import { hashOf, MODEL_CACHE, readCached } from "./model_cache.ts";
import type { ModelSpec, PairSpec } from "../pair/pair_spec.ts";
import type { ModelFile } from "./model_file.ts";
import { describeRemote } from "./remote_model.ts";

/** A download that stalls must not keep the server from becoming ready. */
const DOWNLOAD_TIMEOUT_MS = 300_000;

/**
 * Reads the models of a pair and checks their hashes. One on the network is looked for in the cache
 * first, and fetched if it is not there; the cache is not written (`deno task models` does that). One
 * that a remote backend runs stays where it is.
 *
 * @param pair The checked pair.
 * @param base URL of the plugin file, against which relative sources are resolved.
 * @param cache URL of the cache, with a trailing slash.
 * @returns The files by node.
 * @throws {PluginError} If a file cannot be read or has another hash.
 */
export async function readModels(
  pair: PairSpec,
  base: URL,
  cache: URL = MODEL_CACHE,
): Promise<Record<string, ModelFile>> {
  const entries = Object.entries(pair.models).map(async ([node, model]) => {
    const file = model.backend === "remote"
      ? describeRemote(node, pair)
      : await readModel(node, model, base, cache);
    return [node, file] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
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
  cache: URL,
): Promise<ModelFile> {
  const field = `models.${node}.source`;
  const remote = networkSource(node, model, base);
  const bytes = remote
    ? await fromCache(field, cache, remote.sha256) ?? await download(field, remote.url)
    : await readFile(field, model.source, resolve(field, model.source, base));
  const sha256 = hashOf(bytes);
  if (model.sha256 !== undefined && model.sha256 !== sha256) {
    throw new PluginError(
      `models.${node}.sha256`,
      `${model.source} has SHA-256 ${sha256}, expected ${model.sha256}`,
    );
  }
  return { bytes, sha256 };
}

function resolve(field: string, source: string, base: URL): URL {
  const url = URL.parse(source, base);
  if (url && ["file:", "https:", "http:"].includes(url.protocol)) return url;
  throw new PluginError(field, `cannot use ${source}, expected a path or an https URL`);
}

async function readFile(field: string, source: string, url: URL): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return await Deno.readFile(url);
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

async function download(field: string, url: URL): Promise<Uint8Array<ArrayBuffer>> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(DOWNLOAD_TIMEOUT_MS) });
    if (!response.ok) {
      await response.body?.cancel();
      throw new Error(`status ${response.status}`);
    }
    return new Uint8Array(await response.arrayBuffer());
  } catch (error) {
    throw new PluginError(
      field,
      `models/ does not have it, and ${url} cannot be fetched: ${(error as Error).message}; ` +
        "deno task models --from <folder> takes it from a folder",
    );
  }
}
