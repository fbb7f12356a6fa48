import { discoverPlugins, parsePair } from "../../registry/mod.ts";
import { networkSource } from "../../registry/models/mod.ts";
import { messageOf } from "../shared/run_main.ts";

/** A model that plugins have on the network. */
export interface WantedModel {
  /** SHA-256 of the file in lower-case hex. */
  readonly sha256: string;
  /** Where the first plugin says that it is. */
  readonly url: URL;
  /** Who wants it, as `<pair>/<node>`. */
  readonly users: readonly string[];
}

/**
 * Lists the models that plugins have on the network, each file once.
 *
 * @param folders Folders of plugins, each with a trailing slash.
 * @param log Is told of plugins that cannot be used.
 * @returns The models in the order in which they were found.
 */
export async function wantedModels(
  folders: readonly URL[],
  log: (line: string) => void,
): Promise<WantedModel[]> {
  const found = new Map<string, WantedModel>();
  for (const plugin of await discoverPlugins(folders, log)) {
    try {
      const pair = parsePair(await plugin.load());
      for (const [node, model] of Object.entries(pair.models)) {
        const remote = networkSource(node, model, plugin.url);
        if (!remote) continue;
        const { users = [], url = remote.url } = found.get(remote.sha256) ?? {};
        found.set(remote.sha256, {
          sha256: remote.sha256,
          url,
          users: [...users, `${pair.name}/${node}`],
        });
      }
    } catch (error) {
      log(`Cannot use plugin ${plugin.folder}: ${messageOf(error)}`);
    }
  }
  return [...found.values()];
}
