import { cachedFile, hashOf, readCached, type SourceRules } from "../../registry/models/mod.ts";
import type { StartProgress } from "../shared/progress.ts";
import { replaceFile } from "../../policies/stores/mod.ts";
import { fetchModel } from "./fetch_model.ts";
import type { WantedModel } from "./wanted.ts";

/** What has become of a model. */
export interface ModelState {
  /** The model. */
  readonly model: WantedModel;
  /** Whether it was in the cache, has been put there, or is missing. */
  readonly state: "cached" | "added" | "missing";
  /** Size of the file; undefined if it is missing. */
  readonly bytes?: number | undefined;
  /** Why it is missing. */
  readonly reason?: string | undefined;
}

/** Options of {@linkcode fillCache}. */
export interface FillCacheOptions {
  /** URL of the cache, with a trailing slash. */
  readonly cache: URL;
  /**
   * URL of a folder whose `*.onnx` files are looked through, by their hashes, with a trailing slash.
   *
   * @default the models are fetched from where the plugins say that they are
   */
  readonly from?: URL | undefined;
  /** What models of the network may be. */
  readonly sources: SourceRules;
  /** Shows how far it has come, in megabytes. */
  readonly progress: StartProgress;
  /** Receives a line about a file of the cache that is replaced. */
  readonly log: (line: string) => void;
}

/**
 * Puts models into the cache, each under its hash. A file of the cache that is damaged is replaced.
 *
 * @param models The models.
 * @param options See {@linkcode FillCacheOptions}.
 * @returns What has become of each, in their order; one that cannot be had does not stop the others.
 * @throws {Error} If the folder cannot be read or the cache cannot be written.
 */
export async function fillCache(
  models: readonly WantedModel[],
  { cache, from, sources, progress, log }: FillCacheOptions,
): Promise<ModelState[]> {
  const sizes = new Map<string, number>();
  const reasons = new Map<string, string>();
  const lacking: WantedModel[] = [];
  for (const model of models) {
    const bytes = await readCached(cache, model.sha256).catch((error) => log(error.message));
    if (bytes) sizes.set(model.sha256, bytes.length);
    else lacking.push(model);
  }
  const add = async ({ sha256 }: WantedModel, bytes: Uint8Array) => {
    await replaceFile(cachedFile(cache, sha256), bytes);
    sizes.set(sha256, bytes.length);
  };
  if (from === undefined) {
    for (const model of lacking) {
      const bytes = await fetchModel(model, progress, sources).catch((error) => {
        reasons.set(model.sha256, error.message);
      });
      if (bytes) await add(model, bytes);
    }
  } else if (lacking.length > 0) {
    await takeFrom(from, lacking, add, progress);
    for (const { sha256 } of lacking) {
      reasons.set(sha256, `no *.onnx file in ${from.pathname} has it`);
    }
  }
  return models.map((model) => {
    const bytes = sizes.get(model.sha256);
    if (bytes === undefined) {
      return { model, state: "missing", reason: reasons.get(model.sha256) };
    }
    return { model, state: lacking.includes(model) ? "added" : "cached", bytes };
  });
}

/** Looks through the files of a folder, for as long as something is lacking. */
async function takeFrom(
  folder: URL,
  lacking: readonly WantedModel[],
  add: (model: WantedModel, bytes: Uint8Array) => Promise<void>,
  progress: StartProgress,
): Promise<void> {
  const files: { url: URL; size: number }[] = [];
  for await (const { name } of Deno.readDir(folder)) {
    if (!name.endsWith(".onnx")) continue;
    const url = new URL(encodeURIComponent(name), folder);
    const { isFile, size } = await Deno.stat(url);
    if (isFile) files.push({ url, size });
  }
  const open = new Map(lacking.map((model) => [model.sha256, model]));
  const total = files.reduce((sum, { size }) => sum + size, 0);
  const bar = progress("MB read", Math.ceil(total / 1e6));
  let done = 0;
  try {
    for (const { url, size } of files) {
      if (open.size === 0) break;
      const bytes = await Deno.readFile(url);
      const model = open.get(hashOf(bytes));
      if (model) await add(model, bytes);
      open.delete(model?.sha256 ?? "");
      bar.update(Math.ceil((done += size) / 1e6));
    }
  } finally {
    bar.stop();
  }
}
