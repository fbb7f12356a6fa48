/** A policy as a store keeps it. */
export interface StoredPolicy {
  /** Counts the pair's activations from 1. */
  readonly version: number;
  /** The document's text, exactly as it was stored; nobody has checked it. */
  readonly text: string;
  /** Where it came from, for people, such as the address of a file. */
  readonly source: string;
}

/** Where the policies that are served live. */
export interface PolicyStore {
  /**
   * Reads the policy of a pair.
   *
   * @param pair Name of the pair.
   * @returns The policy, or nothing if the store has none for that name.
   */
  get(pair: string): Promise<StoredPolicy | undefined>;
}
