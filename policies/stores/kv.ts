import pRetry from "p-retry";
import { appendVersion } from "./history.ts";
import {
  type NewPolicy,
  type PolicyCanary,
  type PolicyRecord,
  type PolicyStore,
  PolicyStoreError,
  type PolicyVersion,
  type StoredPolicy,
} from "./store.ts";
import { MAX_POLICY_BYTES } from "../schema.ts";
import type { Seed } from "./memory.ts";
import { pollFor } from "./poll.ts";

const POLL_MS = 300;

/** A local database is locked while another process writes to it. */
const RETRIES = { retries: 12, minTimeout: 5, maxTimeout: 200, randomize: true } as const;

/** What is kept under a pair's key. */
interface Head {
  /** The audit trail, the latest first. */
  readonly versions: readonly PolicyVersion[];
}

/** A canary with its text as bytes. */
type CanaryValue = Omit<PolicyCanary, "text"> & { readonly bytes: Uint8Array };

/**
 * Policies in Deno KV: what one instance puts, every instance on the same database is told of. The
 * history of a pair is one value, every text another, as bytes, of at most 64 KiB each.
 */
export class KvPolicyStore implements PolicyStore {
  /** Which store it is. */
  readonly name = "kv";
  readonly #kv: Deno.Kv;
  readonly #seed: Seed;

  /**
   * Takes over a database, which the caller closes.
   *
   * @param kv The database.
   * @param seed The documents that pairs start with, where the database knows none.
   */
  constructor(kv: Deno.Kv, seed: Seed = () => Promise.resolve(undefined)) {
    this.#kv = kv;
    this.#seed = seed;
  }

  /** Reads the latest version; the seed while there is none. */
  async read(pair: string): Promise<PolicyRecord> {
    const { value } = await this.#head(pair);
    const canary = await this.#canary(pair);
    const [latest] = value?.versions ?? [];
    if (!latest) return { draft: await this.#seed(pair), canary };
    const text = await this.text(pair, latest.version);
    // Ten versions later it is gone: read again what is the latest now.
    return text === undefined ? await this.read(pair) : { head: { ...latest, text }, canary };
  }

  /** Stores a version, by compare-and-set on the versionstamp of the history. */
  async put(pair: string, policy: NewPolicy, after: number): Promise<StoredPolicy> {
    const bytes = encodeText(policy.text);
    for (;;) {
      const head = await this.#head(pair);
      const added = appendVersion(pair, head.value?.versions ?? [], policy, after);
      const { version } = added.version;
      const operation = this.#kv.atomic()
        .check(head)
        .set(textKey(pair, version), bytes)
        .set(headKey(pair), { versions: added.history } satisfies Head);
      if (added.dropped !== undefined) operation.delete(textKey(pair, added.dropped));
      const { ok } = await unlocked(() => operation.commit());
      if (ok) return { ...added.version, text: policy.text };
      // Somebody was faster: the next turn finds another version, and says so.
    }
  }

  /** Sets the canary. */
  async setCanary(pair: string, canary: PolicyCanary | undefined): Promise<void> {
    const key = canaryKey(pair);
    if (!canary) return await unlocked(() => this.#kv.delete(key));
    const { text, ...others } = canary;
    const value: CanaryValue = { ...others, bytes: encodeText(text) };
    await unlocked(() => this.#kv.set(key, value));
  }

  /** The audit trail. */
  async versions(pair: string): Promise<readonly PolicyVersion[]> {
    return (await this.#head(pair)).value?.versions ?? [];
  }

  /** Reads the text of a version. */
  async text(pair: string, version: number): Promise<string | undefined> {
    const { value } = await unlocked(() => this.#kv.get<Uint8Array>(textKey(pair, version)));
    return value ? new TextDecoder("utf-8", { ignoreBOM: true }).decode(value) : undefined;
  }

  /** Watches the database, and asks it as well: a local one tells of its own process only. */
  watch(pair: string, changed: () => void, signal: AbortSignal): void {
    const keys = [headKey(pair), canaryKey(pair)];
    const look = async () => {
      const entries = await unlocked(() => this.#kv.getMany(keys));
      return entries.map(({ versionstamp }) => versionstamp ?? "none").join();
    };
    pollFor(look, changed, { ms: POLL_MS, signal });
    const reader = this.#kv.watch(keys).getReader();
    signal.addEventListener("abort", () => reader.cancel().catch(() => {}), { once: true });
    const follow = async () => {
      while (!(await reader.read()).done) changed();
    };
    // A watch that breaks off is made up for by asking.
    follow().catch(() => {});
  }

  async #canary(pair: string): Promise<PolicyCanary | undefined> {
    const { value } = await unlocked(() => this.#kv.get<CanaryValue>(canaryKey(pair)));
    if (!value) return undefined;
    const { bytes, ...others } = value;
    return { ...others, text: new TextDecoder().decode(bytes) };
  }

  #head(pair: string): Promise<Deno.KvEntryMaybe<Head>> {
    return unlocked(() => this.#kv.get<Head>(headKey(pair)));
  }
}

function headKey(pair: string): Deno.KvKey {
  return ["sluice", "policies", pair];
}

function canaryKey(pair: string): Deno.KvKey {
  return ["sluice", "policies", pair, "canary"];
}

/** As bytes, because a string with one character beyond Latin-1 takes two bytes for each. */
function encodeText(text: string): Uint8Array {
  const bytes = new TextEncoder().encode(text);
  if (bytes.length <= MAX_POLICY_BYTES) return bytes;
  throw new PolicyStoreError(
    `Cannot store ${bytes.length} bytes, expected at most ${MAX_POLICY_BYTES}`,
  );
}

function textKey(pair: string, version: number): Deno.KvKey {
  return ["sluice", "policies", pair, version];
}

/**
 * Tries again, at random moments, while another process holds the database.
 *
 * @param task Uses the database.
 * @returns What the task gives.
 * @throws {PolicyStoreError} If the database stays locked.
 */
export function unlocked<T>(task: () => Promise<T>): Promise<T> {
  const attempt = async () => {
    try {
      return await task();
    } catch (cause) {
      if (!/database is (locked|busy)/.test(String(cause))) throw cause;
      // As an error of its own, because pRetry gives up at once at a TypeError, which it is.
      throw new PolicyStoreError("Cannot use the database: it stays locked", { cause });
    }
  };
  return pRetry(attempt, {
    ...RETRIES,
    shouldRetry: ({ error }) => error instanceof PolicyStoreError,
  });
}
