import { createHash } from "node:crypto";
import { locations } from "../base/locations.ts";
import { readModelFile } from "./read_model_file.ts";

/** Where models of the network are kept unless told otherwise: `models/` of the project. */
export const MODEL_CACHE: URL = locations.models;

/**
 * The file in which a model is kept.
 *
 * @param cache URL of the folder, with a trailing slash.
 * @param sha256 SHA-256 of the model in lower-case hex.
 * @returns `<cache>/<sha256>.onnx`.
 */
export function cachedFile(cache: URL, sha256: string): URL {
  return new URL(`${sha256}.onnx`, cache);
}

/** SHA-256 in lower-case hex. */
export function hashOf(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/**
 * Reads a model that `deno task models` has put into the cache.
 *
 * @param cache URL of the folder, with a trailing slash.
 * @param sha256 SHA-256 of the model in lower-case hex.
 * @returns The model; undefined if the cache does not have it.
 * @throws {Error} If the file cannot be read or has another hash; names it and says what to do.
 */
export async function readCached(
  cache: URL,
  sha256: string,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const file = cachedFile(cache, sha256);
  const name = file.pathname.split("/").slice(-2).join("/");
  let bytes: Uint8Array<ArrayBuffer>;
  try {
    bytes = await readModelFile(file);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw new Error(`cannot read ${name}: ${(error as Error).message}`, { cause: error });
  }
  const actual = hashOf(bytes);
  if (actual === sha256) return bytes;
  throw new Error(
    `${name} is damaged: it has ${bytes.length} bytes and SHA-256 ${actual}, expected that of its ` +
      "name; deno task models replaces it",
  );
}
