import type { PairSpec } from "./pair_spec.ts";

/** A plugin that was found but not yet loaded. */
export interface Plugin {
  /** Name of the plugin's folder, by which it is reported until its pair is known. */
  readonly folder: string;
  /** URL of `pair.ts`. */
  readonly url: URL;
  /** Gives what the plugin exports by default. */
  load(): Promise<unknown>;
}

/** A plugin of a build: a line of the list that `deno task build` generates. */
export interface ListedPlugin extends Plugin {
  /** SHA-256 of the models that are files, by node. */
  readonly models: Readonly<Record<string, string>>;
}

/**
 * Takes the plugins of a build, whose models all lie in one folder, those of the network included.
 *
 * @param list The generated list.
 * @param models URL of the folder of models by their hash, with a trailing slash.
 * @returns The plugins in the order of the list; what they export names these files.
 */
export function listedPlugins(list: readonly ListedPlugin[], models: URL): Plugin[] {
  return list.map(({ folder, url, load, models: hashes }) => ({
    folder,
    url,
    load: async () => {
      const pair = await load() as PairSpec;
      const own = Object.entries(hashes).map(([node, sha256]) => {
        const source = new URL(`${sha256}.onnx`, models).href;
        return [node, { ...pair.models[node], source, sha256 }] as const;
      });
      return { ...pair, models: { ...pair.models, ...Object.fromEntries(own) } };
    },
  }));
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
