import { hashOf } from "../../registry/models/mod.ts";
import type { StartProgress } from "../shared/progress.ts";
import type { WantedModel } from "./wanted.ts";
import { readBody } from "../shared/read_body.ts";

/**
 * Fetches a model and checks its hash.
 *
 * @param model The model.
 * @param progress Shows how far it has come, in megabytes.
 * @returns The file.
 * @throws {Error} If it cannot be fetched or has another hash; names its URL.
 */
export async function fetchModel(
  { url, sha256 }: WantedModel,
  progress: StartProgress,
): Promise<Uint8Array> {
  let bytes: Uint8Array;
  try {
    bytes = await download(url, progress);
  } catch (cause) {
    throw new Error(`cannot fetch ${url}: ${(cause as Error).message}`, { cause });
  }
  const actual = hashOf(bytes);
  if (actual === sha256) return bytes;
  throw new Error(`${url} has SHA-256 ${actual}, expected ${sha256}`);
}

async function download(url: URL, progress: StartProgress): Promise<Uint8Array> {
  const response = await fetch(url);
  if (!response.ok || !response.body) {
    await response.body?.cancel();
    throw new Error(`status ${response.status}`);
  }
  const bar = progress(
    `${url.pathname}: MB`,
    Math.ceil(Number(response.headers.get("content-length") ?? 0) / 1e6),
  );
  try {
    return await readBody(response.body, (done) => bar.update(Math.ceil(done / 1e6)));
  } finally {
    bar.stop();
  }
}
