import { fileURLToPath } from "node:url";
import { PolicyStoreError } from "./store.ts";

/**
 * Reads a text file that need not exist.
 *
 * @param file The file.
 * @returns Its text, if there is such a file.
 */
export async function readText(file: URL): Promise<string | undefined> {
  try {
    return await Deno.readTextFile(file);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/**
 * Something that differs when a file has been written or replaced.
 *
 * @param file The file, which need not exist.
 * @returns A short text.
 */
export async function signatureOf(file: URL): Promise<string> {
  try {
    const { ino, size, mtime } = await Deno.stat(file);
    return `${ino} ${size} ${mtime?.getTime()}`;
  } catch {
    return "none";
  }
}

/** Whether the system has refused something, or the runtime in its place. */
export function isSystemError(error: unknown): error is Error {
  return error instanceof Deno.errors.NotCapable || (error instanceof Error && "code" in error);
}

/** What {@linkcode readJson} expects. */
export interface ReadJsonOptions {
  /** Whether a value is what should lie there. */
  readonly isFit: (value: unknown) => boolean;
  /** What happens if the file is removed, for the error. */
  readonly hint: string;
}

/**
 * Reads a JSON file that need not exist.
 *
 * @param file The file.
 * @param options See {@linkcode ReadJsonOptions}.
 * @returns Its value, if there is such a file.
 * @throws {PolicyStoreError} If it holds something else; names the file.
 */
export async function readJson(file: URL, { isFit, hint }: ReadJsonOptions): Promise<unknown> {
  const text = await readText(file);
  if (text === undefined) return undefined;
  try {
    const value = JSON.parse(text);
    if (!isFit(value)) throw new TypeError("members are missing");
    return value;
  } catch (cause) {
    throw new PolicyStoreError(`${fileURLToPath(file)} is damaged (${hint}): ${cause}`, { cause });
  }
}

/** Removes a file that need not exist. */
export async function removeFile(file: URL): Promise<void> {
  try {
    await Deno.remove(file);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
