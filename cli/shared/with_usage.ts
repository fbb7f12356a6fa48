/**
 * Reads arguments; says how the command is used where they cannot be read.
 *
 * @param usage How it is used.
 * @param read Reads them.
 * @returns What was read.
 * @throws {Error} If reading fails; with the reason and the usage.
 */
export function withUsage<T>(usage: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw new Error(`${(cause as Error).message}\n\n${usage}`, { cause });
  }
}
