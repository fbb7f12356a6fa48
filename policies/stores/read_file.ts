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
