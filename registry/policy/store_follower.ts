import pLimit from "p-limit";
import { PolicyError } from "../../policies/mod.ts";
import {
  PolicyConflictError,
  type PolicyDraft,
  type PolicyRecord,
  type PolicyStore,
  type Seed,
  sha256,
  type StoredPolicy,
} from "../../policies/stores/mod.ts";
import type { Log } from "../base/events.ts";
import type { ActivePolicy } from "./active_policy.ts";
import type { LiveCanary } from "./live_canary.ts";
import { Refusals } from "./refusals.ts";

/** What is followed. */
export interface StoreFollowerContext {
  /** Name of the pair. */
  readonly pair: string;
  /** Where its documents are kept. */
  readonly store: PolicyStore;
  /** The document that ships with the pair, for a store whose latest version is for other weights. */
  readonly seed?: Seed | undefined;
  /** Receives one line for every refusal. */
  readonly log: Log;
}

/** Milliseconds until what failed for a reason that may pass is tried again. */
const RETRY_MS = 1000;

/** Under what is noted that does not lie in a document, such as a store that cannot be read. */
const TROUBLE = "trouble";

/**
 * Has a pair serve what is in the store: looks, tries what is new, notes why it is refused, and looks again
 * after a failure. Whatever changes a policy takes its turn here, so that no older change overtakes a newer.
 */
export class StoreFollower {
  readonly #context: StoreFollowerContext;
  readonly #active: ActivePolicy;
  readonly #canary: LiveCanary;
  readonly #refusals = new Refusals();
  readonly #inTurn = pLimit(1);
  readonly #end = new AbortController();
  #retry: ReturnType<typeof setTimeout> | undefined;

  /** Looks at nothing yet. */
  constructor(context: StoreFollowerContext, active: ActivePolicy, canary: LiveCanary) {
    this.#context = context;
    this.#active = active;
    this.#canary = canary;
  }

  /** Begins to follow; has looked once when it is done. */
  async start(): Promise<void> {
    const { pair, store } = this.#context;
    // Watched before it is read, so that nothing is missed in between.
    store.watch(pair, () => this.#sync(), this.#end.signal);
    await this.#sync();
  }

  /** Why a document is not in use, if one was refused; the latest of several. */
  get rejected(): string | undefined {
    return this.#refusals.latest;
  }

  /** Forgets what was refused, as when something else serves now. */
  forgetRefusals(): void {
    this.#refusals.clear();
  }

  /**
   * Changes something in turn, after a look at the store.
   *
   * @throws Whatever keeps it from that look.
   */
  change<T>(task: () => T | Promise<T>): Promise<T> {
    return this.#inTurn(async () => {
      await this.#catchUp();
      return await task();
    });
  }

  /** As {@linkcode change}, even where the store cannot be looked at. */
  changeAnyway<T>(task: () => Promise<T>): Promise<T> {
    return this.#inTurn(async () => {
      await this.#catchUp().catch((error) => this.#refuse(TROUBLE, String(error)));
      return await task();
    });
  }

  /** Follows no longer. */
  close(): void {
    this.#end.abort();
    clearTimeout(this.#retry);
  }

  /** Takes over what has changed. Never fails: what cannot be used is reported. */
  async #sync(): Promise<void> {
    try {
      await this.#inTurn(() => this.#catchUp());
      this.#refusals.delete(TROUBLE);
    } catch (error) {
      if (this.#end.signal.aborted) return;
      this.#refuse(TROUBLE, error instanceof Error ? error.message : String(error));
      clearTimeout(this.#retry);
      this.#retry = setTimeout(() => this.#sync(), RETRY_MS);
    }
  }

  async #catchUp(): Promise<void> {
    const { pair, store } = this.#context;
    const record = await store.read(pair);
    await this.#follow(record);
    await this.#canary.follow(record.canary);
  }

  async #follow(record: PolicyRecord): Promise<void> {
    if (!this.#active.see(record)) return this.#refusals.clear();
    const { head, draft } = record;
    try {
      if (draft && await this.#tryDraft(draft)) return;
      if (head && !this.#active.serves(head)) await this.#tryHead(head, draft);
      else if (!draft) this.#refusals.clear();
    } catch (error) {
      if (!(error instanceof PolicyConflictError)) throw error;
      // Another process has made it a version at the same moment.
      await this.#catchUp();
    }
  }

  /** Serves the latest version if it is fit; where nothing else serves, what ships with the pair. */
  async #tryHead(head: StoredPolicy, draft: PolicyDraft | undefined): Promise<void> {
    const { pair, seed } = this.#context;
    const key = `${head.version} ${head.sha256}`;
    if (!this.#refusals.again(key)) {
      try {
        await this.#active.serve(head);
        if (!draft) this.#refusals.clear();
        return;
      } catch (error) {
        if (!(error instanceof PolicyError)) throw error;
        this.#refuse(key, `version ${head.version}: ${error.message}`);
      }
    }
    const shipped = this.#active.isBuiltIn && !draft ? await seed?.(pair) : undefined;
    if (shipped) await this.#tryDraft(shipped);
  }

  /** Makes a draft a version and serves it; whether it was fit. */
  async #tryDraft({ text, from }: PolicyDraft): Promise<boolean> {
    const key = sha256(text);
    if (this.#refusals.again(key) || this.#active.head?.text === text) return false;
    try {
      await this.#active.put(text, { change: "edit", from });
    } catch (error) {
      if (!(error instanceof PolicyError)) throw error;
      this.#refuse(key, `${error.message} (${from})`);
      return false;
    }
    this.#refusals.clear();
    return true;
  }

  /** Notes why something is not in use, and tells the log if that is news. */
  #refuse(key: string, message: string): void {
    if (!this.#refusals.note(key, message)) return;
    const { pair, log } = this.#context;
    log(`pair ${pair}: ${message}; serving ${this.#active.snapshot.name}`, {
      kind: key === TROUBLE ? "store_failed" : "policy_refused",
      pair,
    });
  }
}
