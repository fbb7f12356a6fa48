/** Every way in which a version of a policy can come about. */
export const POLICY_CHANGES = [
  /** A document was found in the store that nobody had activated, such as a file edited by hand. */
  "edit",
  /** A document was sent. */
  "put",
  /** Another operating point of the same document was chosen. */
  "choose",
  /** A canary has become the policy. */
  "promote",
  /** The monitor has taken back a policy that no longer keeps what is certified of it. */
  "fall_back",
  /** An earlier version was brought back. */
  "rollback",
] as const;

/** How a version of a policy came about. */
export type PolicyChange = (typeof POLICY_CHANGES)[number];

/** A version of a pair's policy, without its text: one line of the audit trail. */
export interface PolicyVersion {
  /** Counts the pair's activations from 1. */
  readonly version: number;
  /** When it was stored, ISO 8601, UTC. */
  readonly date: string;
  /** How it came about. */
  readonly change: PolicyChange;
  /** From where, for people: a file, or the address of a caller. */
  readonly from: string;
  /** The operating point that the document serves. */
  readonly operating_point: string;
  /** SHA-256 of the text in UTF-8, in hex. */
  readonly sha256: string;
  /** The version that a rollback brought back. */
  readonly restores?: number | undefined;
}

/** A version of a pair's policy with the document's text, exactly as it was stored. */
export interface StoredPolicy extends PolicyVersion {
  /** The document. */
  readonly text: string;
}

/** A document that lies in a store and that nobody has activated. Nobody has checked it. */
export interface PolicyDraft {
  /** The document's text. */
  readonly text: string;
  /** Where it lies, for people. */
  readonly from: string;
}

/** A second document, which a share of the requests is answered with. */
export interface PolicyCanary {
  /** The document's text. */
  readonly text: string;
  /** Share of the requests, in (0, 1]. */
  readonly share: number;
  /** When it was set, ISO 8601, UTC. */
  readonly date: string;
  /** From where, for people. */
  readonly from: string;
}

/** What a store knows of a pair. */
export interface PolicyRecord {
  /** The latest version. */
  readonly head?: StoredPolicy | undefined;
  /** A document beside it that is to become the next version if it is fit. */
  readonly draft?: PolicyDraft | undefined;
  /** A second document that is being tried. */
  readonly canary?: PolicyCanary | undefined;
}

/** What {@linkcode PolicyStore.put} makes a version of. */
export type NewPolicy =
  & Pick<StoredPolicy, "text" | "change" | "operating_point" | "restores">
  & { readonly from: string };

/** How many versions are kept with their text. */
export const KEPT_VERSIONS = 10;

/** How many versions the audit trail goes back. */
export const AUDITED_VERSIONS = 100;

/**
 * Where the policies that are served live, with their history. What one process puts, every process on
 * the same store is told of.
 */
export interface PolicyStore {
  /** Which store it is, for people. */
  readonly name: string;
  /**
   * Reads what there is for a pair.
   *
   * @param pair Name of the pair.
   * @returns The latest version, the draft and the canary; none for a pair that the store does not know.
   */
  read(pair: string): Promise<PolicyRecord>;
  /**
   * Stores a new version, whole or not at all.
   *
   * @param pair Name of the pair.
   * @param policy The document, which the caller has checked.
   * @param after The version that it comes after, 0 for the first; so that of several who put at the
   * same time one wins.
   * @returns The version that it became.
   * @throws {PolicyConflictError} If the latest version is another.
   * @throws {PolicyStoreError} If the store cannot be written.
   */
  put(pair: string, policy: NewPolicy, after: number): Promise<StoredPolicy>;
  /**
   * Sets the document that a share of the requests is answered with.
   *
   * @param pair Name of the pair.
   * @param canary The document, which the caller has checked; undefined for none.
   * @throws {PolicyStoreError} If the store cannot be written.
   */
  setCanary(pair: string, canary: PolicyCanary | undefined): Promise<void>;
  /**
   * The audit trail of a pair.
   *
   * @param pair Name of the pair.
   * @returns The latest {@linkcode AUDITED_VERSIONS} versions, the latest first.
   */
  versions(pair: string): Promise<readonly PolicyVersion[]>;
  /**
   * Reads the text of one of the latest {@linkcode KEPT_VERSIONS} versions.
   *
   * @param pair Name of the pair.
   * @param version Its number.
   * @returns The text, or nothing if it is not kept.
   */
  text(pair: string, version: number): Promise<string | undefined>;
  /**
   * Watches a pair, also for what other processes do.
   *
   * @param pair Name of the pair.
   * @param changed Called within a second after {@linkcode read} gives something else; sometimes
   * without need.
   * @param signal Ends the watch.
   */
  watch(pair: string, changed: () => void, signal: AbortSignal): void;
}

/** Somebody else has stored a version in between. */
export class PolicyConflictError extends Error {
  /** The latest version, 0 if there is none. */
  readonly version: number;

  /** Names the version that was expected and the one that there is. */
  constructor(pair: string, expected: number, version: number) {
    super(
      `Cannot store a policy of ${pair} after version ${expected}: the latest is ${version}`,
    );
    this.name = "PolicyConflictError";
    this.version = version;
  }
}

/** A store that cannot be written, or not now. */
export class PolicyStoreError extends Error {
  /** Says what failed. */
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "PolicyStoreError";
  }
}
