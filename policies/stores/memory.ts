import type { PolicyStore, StoredPolicy } from "../store.ts";

/** Policies that live as long as the process. */
export class MemoryPolicyStore implements PolicyStore {
  readonly #texts: ReadonlyMap<string, string>;

  /**
   * Copies the policies.
   *
   * @param texts The text of each pair's document.
   */
  constructor(texts: Readonly<Record<string, string>> = {}) {
    this.#texts = new Map(Object.entries(texts));
  }

  /**
   * Reads a policy.
   *
   * @param pair Name of the pair.
   * @returns The policy, or nothing if there is none.
   */
  get(pair: string): Promise<StoredPolicy | undefined> {
    const text = this.#texts.get(pair);
    return Promise.resolve(text === undefined ? text : { version: 1, text, source: "memory" });
  }
}
