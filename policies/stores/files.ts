import type { PolicyStore, StoredPolicy } from "../store.ts";

/** Names that a pair can have; everything else could lead out of the directory. */
const PAIR_NAME = /^[a-z0-9][a-z0-9-]{0,63}$/;

/** Policies as files: `<pair>.json` in one directory. */
export class FilePolicyStore implements PolicyStore {
  readonly #directory: URL;

  /**
   * Opens a directory; it is read at every {@linkcode get}.
   *
   * @param directory A `file:` URL.
   */
  constructor(directory: URL) {
    this.#directory = new URL(directory.href.replace(/\/?$/, "/"));
  }

  /**
   * Reads `<pair>.json`.
   *
   * @param pair Name of the pair.
   * @returns The file's text, or nothing if there is no such file.
   * @throws {Error} If there is a file that cannot be read.
   */
  async get(pair: string): Promise<StoredPolicy | undefined> {
    if (!PAIR_NAME.test(pair)) return undefined;
    const file = new URL(`${pair}.json`, this.#directory);
    try {
      return { version: 1, text: await Deno.readTextFile(file), source: file.href };
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return undefined;
      throw error;
    }
  }
}
