/** The flags of `deno task start`, for tests that run something else with them. */

import { outputOf } from "./run_command.ts";
import { readJson } from "../files/project.ts";

/**
 * What `deno task start` gives to Deno: the command of `deno.json` with what it runs first put in.
 *
 * @returns `run`, the flags and last `main.ts`.
 */
export async function readStartArguments(): Promise<string[]> {
  const { tasks } = await readJson("deno.json");
  const [program, ...words] = wordsOf(tasks.start.command);
  if (program !== "deno" || words.at(-1) !== "main.ts") {
    throw new Error(`the task start is ${tasks.start.command}, expected deno … main.ts`);
  }
  return await Promise.all(words.map(substitute));
}

/** Splits at spaces that are not in double quotes. */
function wordsOf(command: string): string[] {
  return (command.match(/(?:"[^"]*"|[^\s"])+/g) ?? []).map((word) => word.replaceAll('"', ""));
}

/** Puts the output of `$(deno …)` in its place. */
async function substitute(word: string): Promise<string> {
  const [whole, inner] = word.match(/\$\(deno ([^)]*)\)/) ?? [];
  if (whole === undefined || inner === undefined) return word;
  const args = wordsOf(inner);
  return word.replace(whole, (await outputOf(Deno.execPath(), args)).trimEnd());
}
