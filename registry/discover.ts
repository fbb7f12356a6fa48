/** A plugin that was found but not yet loaded. */
export interface Plugin {
  /** Name of the plugin's folder, by which it is reported until its pair is known. */
  readonly folder: string;
  /** URL of `pair.ts`. */
  readonly url: URL;
  /** Gives what the plugin exports by default. */
  load(): Promise<unknown>;
}

/**
 * Finds the plugins in folders: every subfolder with a `pair.ts`.
 *
 * @param directories URLs of folders, each with a trailing slash.
 * @param log Is told of folders that cannot be read; the others are searched all the same.
 * @returns The plugins in the order of the folders, then by name.
 */
export async function discoverPlugins(
  directories: readonly URL[],
  log: (line: string) => void,
): Promise<Plugin[]> {
  const plugins: Plugin[] = [];
  for (const directory of directories) {
    for (const folder of await subfolders(directory, log)) {
      const url = new URL(`${encodeURIComponent(folder)}/pair.ts`, directory);
      if (!await exists(url)) continue;
      plugins.push({ folder, url, load: async () => (await import(url.href)).default });
    }
  }
  return plugins;
}

async function subfolders(directory: URL, log: (line: string) => void): Promise<string[]> {
  const names: string[] = [];
  try {
    for await (const entry of Deno.readDir(directory)) {
      if (entry.isDirectory || entry.isSymlink) names.push(entry.name);
    }
  } catch (error) {
    log(`Cannot read plugin folder ${directory.pathname}: ${(error as Error).message}`);
  }
  return names.sort();
}

/** What cannot be looked at counts as found: its import says why, and the server goes on. */
async function exists(file: URL): Promise<boolean> {
  try {
    return (await Deno.stat(file)).isFile;
  } catch (error) {
    return !(error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory);
  }
}
