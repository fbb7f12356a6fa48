import { pathToFileURL } from "node:url";

/** A folder inside the working directory, where tests may write; gone when disposed of. */
export interface Folder extends AsyncDisposable {
  /** Its URL, with a trailing slash. */
  readonly url: URL;
}

/**
 * Makes a folder.
 *
 * @param files Contents of its files by path; the folders on the way are made as well.
 */
export async function makeFolder(
  files: Readonly<Record<string, string | Uint8Array>> = {},
): Promise<Folder> {
  const path = await Deno.makeTempDir({ dir: ".", prefix: ".test-" });
  const url = pathToFileURL(`${path}/`);
  for (const [name, content] of Object.entries(files)) {
    const file = new URL(name.split("/").map(encodeURIComponent).join("/"), url);
    await Deno.mkdir(new URL(".", file), { recursive: true });
    if (typeof content === "string") await Deno.writeTextFile(file, content);
    else await Deno.writeFile(file, content);
  }
  return { url, [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }) };
}

/** Names of what lies in a folder, sorted. */
export function namesIn(folder: URL): string[] {
  return Array.from(Deno.readDirSync(folder), ({ name }) => name).toSorted();
}
