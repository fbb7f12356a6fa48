/**
 * Waits for what is done to a file or a folder that need not be there.
 *
 * @param done Gives what was read.
 * @returns What was read; undefined if there is no such file or folder.
 */
export async function ifThere<T>(done: Promise<T>): Promise<T | undefined> {
  try {
    return await done;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
