import { describeMachine } from "../../cli/shared/mod.ts";

/**
 * Prints rows as a table and writes them with the machine's description into bench/.
 *
 * @param name Name of the file.
 * @param rows What was measured.
 * @param more What else must be said of the machine.
 */
export async function report(
  name: string,
  rows: readonly Record<string, unknown>[],
  more: Readonly<Record<string, string>> = {},
): Promise<void> {
  const machine = { ...describeMachine(), ...more };
  const file = new URL(`../${name}.json`, import.meta.url);
  console.table(rows);
  console.log(`${machine.cpu}, ${machine.cores} cores, Deno ${machine.deno}, ${machine.date}`);
  await Deno.writeTextFile(file, JSON.stringify({ machine, rows }, null, 2) + "\n");
  console.log(`Written to bench/${name}.json`);
}
