/**
 * Runs a command of the command line. Where it fails, prints why and ends with code 1.
 *
 * @param command The command; gives `false` where it has failed and has said so itself.
 * @param explain What is printed of an error: its message unless given.
 */
export async function runMain(
  command: () => Promise<boolean | void>,
  explain: (error: unknown) => string = messageOf,
): Promise<void> {
  let succeeded: boolean | void;
  try {
    succeeded = await command();
  } catch (error) {
    fail(explain(error));
  }
  if (succeeded === false) Deno.exit(1);
}

/** Prints what is wrong and ends with code 1, whatever still runs. */
export function fail(reason: string): never {
  console.error(reason);
  Deno.exit(1);
}

/** The message of an error; of several at once, a line for each. */
export function messageOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(messageOf).join("\n");
  return error instanceof Error ? error.message : String(error);
}
