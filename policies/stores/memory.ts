import { appendVersion } from "./history.ts";
import type {
  NewPolicy,
  PolicyCanary,
  PolicyDraft,
  PolicyRecord,
  PolicyStore,
  PolicyVersion,
  StoredPolicy,
} from "./store.ts";

/** Gives the document with which a pair starts where nothing has been stored yet. */
export type Seed = (pair: string) => Promise<PolicyDraft | undefined>;

interface Entry {
  history: readonly PolicyVersion[];
  canary: PolicyCanary | undefined;
  readonly texts: Map<number, string>;
  readonly watchers: Set<() => void>;
}

/** Policies that live as long as the process. */
export class MemoryPolicyStore implements PolicyStore {
  /** Which store it is. */
  readonly name = "memory";
  readonly #entries = new Map<string, Entry>();
  readonly #seed: Seed;

  /**
   * An empty store.
   *
   * @param seed The documents that it starts with; none unless given.
   */
  constructor(seed: Seed = () => Promise.resolve(undefined)) {
    this.#seed = seed;
  }

  /** Reads the latest version; the seed while there is none. */
  async read(pair: string): Promise<PolicyRecord> {
    const entry = this.#entries.get(pair);
    const { history: [latest], canary } = entry ?? { history: [] };
    if (!entry || !latest) return { draft: await this.#seed(pair), canary };
    return { head: { ...latest, text: entry.texts.get(latest.version) as string }, canary };
  }

  /** Stores a version. */
  put(pair: string, policy: NewPolicy, after: number): Promise<StoredPolicy> {
    return Promise.resolve().then(() => {
      const entry = this.#entry(pair);
      const { version, history, dropped } = appendVersion(pair, entry.history, policy, after);
      entry.history = history;
      entry.texts.set(version.version, policy.text);
      if (dropped !== undefined) entry.texts.delete(dropped);
      tell(entry);
      return { ...version, text: policy.text };
    });
  }

  /** Sets the canary. */
  setCanary(pair: string, canary: PolicyCanary | undefined): Promise<void> {
    const entry = this.#entry(pair);
    entry.canary = canary;
    tell(entry);
    return Promise.resolve();
  }

  /** The audit trail. */
  versions(pair: string): Promise<readonly PolicyVersion[]> {
    return Promise.resolve(this.#entries.get(pair)?.history ?? []);
  }

  /** Reads the text of a version. */
  text(pair: string, version: number): Promise<string | undefined> {
    return Promise.resolve(this.#entries.get(pair)?.texts.get(version));
  }

  /** Watches a pair. */
  watch(pair: string, changed: () => void, signal: AbortSignal): void {
    const { watchers } = this.#entry(pair);
    watchers.add(changed);
    signal.addEventListener("abort", () => watchers.delete(changed), { once: true });
  }

  #entry(pair: string): Entry {
    const entry = this.#entries.get(pair) ??
      { history: [], canary: undefined, texts: new Map(), watchers: new Set() };
    this.#entries.set(pair, entry);
    return entry;
  }
}

function tell({ watchers }: Entry): void {
  for (const changed of watchers) queueMicrotask(changed);
}
