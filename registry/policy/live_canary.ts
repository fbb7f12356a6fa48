import { PolicyError } from "../../policies/mod.ts";
import { type PolicyCanary, type PolicyStore, sha256 } from "../../policies/stores/mod.ts";
import type { Log } from "../base/events.ts";
import { RetainedPolicy } from "./retained_policy.ts";
import { preparePolicy, type PreparePolicyContext } from "./prepare_policy.ts";
import { snapshotOf } from "./snapshot.ts";

/** A second document that a share of the requests is answered with. */
export interface CanarySnapshot {
  /** `<pair>@canary-<eight hex digits>`. */
  readonly name: string;
  /** Share of the requests, in (0, 1]. */
  readonly share: number;
  /** The document. */
  readonly text: string;
}

/** Where a canary lives. */
export interface LiveCanaryContext extends PreparePolicyContext {
  /** Where it is kept. */
  readonly store: PolicyStore;
  /** Receives one line for every canary and refusal. */
  readonly log: Log;
}

/** The canary of one pair, if there is one, as the workers retain it. */
export class LiveCanary {
  readonly #context: LiveCanaryContext;
  #canary: { readonly retained: RetainedPolicy; readonly stored: PolicyCanary } | undefined;
  /** Key of the canary that was refused; nobody is told twice. */
  #refused: string | undefined;
  #serial = 0;

  /** No canary yet. */
  constructor(context: LiveCanaryContext) {
    this.#context = context;
  }

  /** What requests see of it. */
  get snapshot(): CanarySnapshot | undefined {
    if (!this.#canary) return undefined;
    const { retained, stored } = this.#canary;
    return { name: retained.snapshot.name, share: stored.share, text: stored.text };
  }

  /**
   * Deals a request.
   *
   * @param key Requests with the same key are dealt the same. At random unless given.
   * @returns The canary, if it is to answer.
   */
  pick(key: string | undefined): RetainedPolicy | undefined {
    if (!this.#canary) return undefined;
    const { retained, stored } = this.#canary;
    return positionOf(this.#context.pair, key) < stored.share ? retained : undefined;
  }

  /**
   * Sets the canary, or none, in the store and here.
   *
   * @throws {PolicyStoreError} If the store cannot be written.
   */
  async set(canary: PolicyCanary | undefined): Promise<void> {
    const { pair, store } = this.#context;
    await store.setCanary(pair, canary);
    await this.follow(canary);
  }

  /** Sets the share of the requests; does nothing if there is no canary. */
  async setShare(share: number, from: string): Promise<void> {
    if (this.#canary) await this.set({ ...this.#canary.stored, share, from });
  }

  /** Ends the canary and tells the log; does nothing if there is none. */
  async drop(from: string): Promise<void> {
    if (!this.#canary) return;
    const { name } = this.#canary.retained.snapshot;
    await this.set(undefined);
    const { pair, log } = this.#context;
    log(`pair ${pair}: ${name} was dropped, from ${from}`, {
      kind: "canary_dropped",
      pair,
      policy: name,
    });
  }

  /** Takes over what the store has; what is not fit is reported and does not serve. */
  async follow(canary: PolicyCanary | undefined): Promise<void> {
    const old = this.#canary;
    if (canary && old && keyOf(old.stored) === keyOf(canary)) {
      this.#canary = { retained: old.retained, stored: canary };
      return;
    }
    if (canary && this.#refused === keyOf(canary)) return;
    this.#refused = undefined;
    this.#canary = canary && await this.#retain(canary);
    old?.retained.retire();
  }

  async #retain(canary: PolicyCanary) {
    const { pair, graph, pool, log } = this.#context;
    const name = `${pair}@canary-${keyOf(canary).slice(0, 8)}`;
    try {
      const { document, bound } = await preparePolicy(canary.text, this.#context);
      const snapshot = snapshotOf({ name, id: `${name}#${this.#serial++}`, document, graph });
      const retained = await RetainedPolicy.retain({
        pool,
        snapshot,
        bound,
        version: undefined,
        log,
      });
      const percent = Number((100 * canary.share).toPrecision(4));
      log(`pair ${pair}: ${name} answers ${percent}% of the requests, from ${canary.from}`, {
        kind: "canary_set",
        pair,
        policy: name,
      });
      return { retained, stored: canary };
    } catch (error) {
      if (!(error instanceof PolicyError)) throw error;
      this.#refused = keyOf(canary);
      log(`pair ${pair}: ${name} is not served: ${error.message}`, {
        kind: "policy_refused",
        pair,
        policy: name,
      });
      return undefined;
    }
  }
}

/** Where a request stands between 0 and 1; a key always at the same place. */
function positionOf(pair: string, key: string | undefined): number {
  if (key === undefined) return Math.random();
  return Number.parseInt(sha256(`${pair}/${key}`).slice(0, 8), 16) / 2 ** 32;
}

/** Tells canaries apart; by the date as well, because the same document may be tried again. */
function keyOf({ date, text }: PolicyCanary): string {
  return sha256(date + text);
}
