import { discoverPlugins, type PairSpec, parsePair, UnknownPairError } from "../../registry/mod.ts";
import { messageOf } from "../shared/run_main.ts";

/** A pair and where it was found. */
export interface FoundPair {
  /** What the plugin declares, checked. */
  readonly pair: PairSpec;
  /** URL of `pair.ts`, against which the sources of its models are resolved. */
  readonly url: URL;
}

/**
 * Finds a pair among the plugins, without its models.
 *
 * @param name Name of the pair.
 * @param folders Folders of plugins, each with a trailing slash.
 * @param log Is told of plugins that cannot be used.
 * @returns The pair.
 * @throws {UnknownPairError} If there is no such pair.
 */
export async function findPair(
  name: string,
  folders: readonly URL[],
  log: (line: string) => void,
): Promise<FoundPair> {
  const known: string[] = [];
  for (const plugin of await discoverPlugins(folders, log)) {
    try {
      const pair = parsePair(await plugin.load());
      if (pair.name === name) return { pair, url: plugin.url };
      known.push(pair.name);
    } catch (error) {
      log(`Cannot use plugin ${plugin.folder}: ${messageOf(error)}`);
    }
  }
  throw new UnknownPairError(name, known);
}
