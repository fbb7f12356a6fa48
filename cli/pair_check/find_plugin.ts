import {
  discoverPlugins,
  parsePair,
  type Plugin,
  PluginError,
  UnknownPairError,
} from "../../registry/mod.ts";
import type { FoundPair } from "../trace/find_pair.ts";

/**
 * Finds a plugin by the name of its pair or of its folder. Others may be broken; this one may not.
 *
 * @param name Name of the pair or of the folder.
 * @param folders Folders of plugins, each with a trailing slash.
 * @returns The pair.
 * @throws {PluginError} If the plugin does not fit; names the field.
 * @throws {UnknownPairError} If there is none.
 */
export async function findPlugin(name: string, folders: readonly URL[]): Promise<FoundPair> {
  const known: string[] = [];
  const plugins = await discoverPlugins(folders, (line) => console.error(line));
  // The folder first: a plugin whose name cannot be read has nothing else.
  plugins.sort((a, b) => Number(b.folder === name) - Number(a.folder === name));
  for (const plugin of plugins) {
    try {
      const pair = parsePair(await load(plugin));
      if (pair.name === name || plugin.folder === name) return { pair, url: plugin.url };
      known.push(pair.name);
    } catch (error) {
      if (plugin.folder === name) throw error;
      known.push(plugin.folder);
    }
  }
  throw new UnknownPairError(name, known);
}

async function load(plugin: Plugin): Promise<unknown> {
  try {
    return await plugin.load();
  } catch (error) {
    throw new PluginError("pair.ts", `cannot be imported: ${(error as Error).message}`);
  }
}
