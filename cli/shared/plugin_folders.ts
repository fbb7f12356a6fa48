import { folderUrl } from "../../registry/mod.ts";
import { readConfig } from "../../server/mod.ts";

/** Folders of plugins. */
export interface PluginFolders {
  /** Those that ship and the further ones, each with a trailing slash. */
  readonly folders: readonly URL[];
  /** The further ones, as they were given. */
  readonly further: readonly string[];
}

/**
 * Where a command looks for plugins.
 *
 * @param given Further folders, comma-separated; those of `SLUICE_PLUGINS` unless given.
 * @returns The folders.
 */
export function pluginFolders(given?: string): PluginFolders {
  const { plugins: further } = readConfig((name) =>
    name === "SLUICE_PLUGINS" ? given ?? Deno.env.get(name) : undefined
  );
  const own = new URL("../../registry/plugins/", import.meta.url);
  return { folders: [own, ...further.map(folderUrl)], further };
}
