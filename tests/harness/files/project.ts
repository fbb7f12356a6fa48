/** The folder of the project. */
export const ROOT: URL = new URL("../../../", import.meta.url);

/** Reads a text of the project, by its path. */
export function readText(path: string): Promise<string> {
  return Deno.readTextFile(new URL(path, ROOT));
}

/** Reads a JSON file of the project, by its path. */
// deno-lint-ignore no-explicit-any
export async function readJson<T = any>(path: string): Promise<T> {
  return JSON.parse(await readText(path));
}
