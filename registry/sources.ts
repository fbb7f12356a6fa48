import { createHash } from "node:crypto";
import { PluginError } from "./errors.ts";
import type { ModelSpec, PairSpec } from "./pair.ts";

/** A download that stalls must not keep the server from becoming ready. */
const DOWNLOAD_TIMEOUT_MS = 300_000;

/** The bytes of a model and their hash. */
export interface ModelFile {
  /** The ONNX file. */
  readonly bytes: Uint8Array;
  /** SHA-256 of the file in lower-case hex. */
  readonly sha256: string;
}

/**
 * Reads the models of a pair from files or from the network and checks their hashes.
 *
 * @param pair The checked pair.
 * @param base URL of the plugin file, against which relative sources are resolved.
 * @returns The files by node.
 * @throws {PluginError} If a file cannot be read or has another hash.
 */
export async function readModels(pair: PairSpec, base: URL): Promise<Record<string, ModelFile>> {
  const entries = Object.entries(pair.models).map(async ([node, model]) => {
    return [node, await readModel(node, model, base)] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

async function readModel(node: string, model: ModelSpec, base: URL): Promise<ModelFile> {
  const field = `models.${node}.source`;
  const url = resolve(field, model.source, base);
  if (url.protocol !== "file:" && model.sha256 === undefined) {
    throw new PluginError(
      `models.${node}.sha256`,
      "missing, expected the SHA-256 of a model that is read from the network",
    );
  }
  const bytes = url.protocol === "file:"
    ? await readFile(field, model.source, url)
    : await download(field, url);
  const sha256 = createHash("sha256").update(bytes).digest("hex");
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

async function download(field: string, url: URL): Promise<Uint8Array<ArrayBuffer>> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(DOWNLOAD_TIMEOUT_MS) });
    if (!response.ok) {
      await response.body?.cancel();
      throw new Error(`status ${response.status}`);
    }
    return new Uint8Array(await response.arrayBuffer());
  } catch (error) {
    throw new PluginError(field, `cannot fetch ${url}: ${(error as Error).message}`);
  }
}
