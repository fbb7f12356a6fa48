import { activatePoint, ALWAYS_PREFIX, parsePolicy, show } from "../../policies/mod.ts";
import {
  KEPT_VERSIONS,
  type PolicyCanary,
  type PolicyVersion,
  type StoredPolicy,
} from "../../policies/stores/mod.ts";
import { InvalidInputError } from "../base/errors.ts";
import type { CanarySnapshot } from "./live_canary.ts";
import type { Changed, ChangeOptions, FallBack } from "./policy_change.ts";
import { type LivePolicyContext, PolicyState, TROUBLE } from "./policy_state.ts";
import { preparePolicy } from "./prepare_policy.ts";
import type { PolicySnapshot } from "./snapshot.ts";
import type { DryRunResult } from "./dry_run_result.ts";

/** Milliseconds until what failed for a reason that may pass is tried again. */
const RETRY_MS = 1000;

/**
 * The policy of one pair while requests run. Documents go parse → schema → bind → dry run → store →
 * activate; whatever fails leaves the old one serving. A request takes one snapshot and finishes on it.
 */
export class LivePolicy {
  readonly #context: LivePolicyContext;
  readonly #end = new AbortController();
  readonly #state: PolicyState;
  #retry: ReturnType<typeof setTimeout> | undefined;
  /** Changes follow one another, so that no older one overtakes a newer. */
  #turn: Promise<unknown> = Promise.resolve();

  private constructor(context: LivePolicyContext) {
    this.#context = context;
    this.#state = new PolicyState(context);
  }

  /**
   * Serves what the store has for a pair, or always the full model, and follows the store.
   *
   * @param context See {@linkcode LivePolicyContext}.
   * @returns The policy, ready to be used.
   */
  static async start(context: LivePolicyContext): Promise<LivePolicy> {
    const live = new LivePolicy(context);
    const { pair, store } = context;
    // Watched before it is read, so that nothing is missed in between.
    store.watch(pair, () => live.sync(), live.#end.signal);
    await live.sync();
    return live;
  }

  /** The policy that serves at this moment. */
  get snapshot(): PolicySnapshot {
    const { served: { snapshot }, refusals: { latest: rejected } } = this.#state;
    return rejected === undefined ? snapshot : { ...snapshot, rejected };
  }

  /** The canary that serves at this moment, if there is one. */
  get canarySnapshot(): CanarySnapshot | undefined {
    return this.#state.canary.snapshot;
  }

  /**
   * Does something under the policy of this moment, or under the canary, which the workers hold until it
   * is done.
   *
   * @param task Gets the policy.
   * @param key Requests with the same key get the same of the two. At random unless given.
   * @returns What the task gives.
   */
  use<T>(task: (policy: PolicySnapshot) => Promise<T>, key?: string): Promise<T> {
    return (this.#state.canary.pick(key) ?? this.#state.served).use(task);
  }

  /** Takes over what has changed in the store. Never fails: what cannot be used is reported. */
  async sync(): Promise<void> {
    try {
      await this.#exclusive(() => this.#state.catchUp());
      this.#state.refusals.delete(TROUBLE);
    } catch (error) {
      if (this.#end.signal.aborted) return;
      this.#state.refuse(TROUBLE, error instanceof Error ? error.message : String(error));
      clearTimeout(this.#retry);
      this.#retry = setTimeout(() => this.sync(), RETRY_MS);
    }
  }

  /**
   * The latest version, which serves unless it was refused.
   *
   * @throws {NoPolicyError} If there is none.
   */
  latest(): Promise<StoredPolicy> {
    return this.#exclusive(async () => {
      await this.#state.catchUp();
      return this.#state.known();
    });
  }

  /**
   * Checks a document as {@linkcode replace} does; nothing changes.
   *
   * @param text The document.
   * @returns What it would do.
   * @throws {PolicyError} If it cannot be used.
   */
  async validate(text: string): Promise<DryRunResult> {
    return (await preparePolicy(text, this.#context)).dryRun;
  }

  /**
   * Makes a document the next version and serves it.
   *
   * @throws {PolicyError} If it cannot be used.
   * @throws {PolicyConflictError} If somebody else has stored a version at the same moment.
   * @throws {PolicyStoreError} If the store cannot be written.
   */
  replace(text: string, { from, check }: ChangeOptions): Promise<Changed> {
    return this.#exclusive(async () => {
      await this.#state.catchUp();
      check?.(this.#state.head);
      return await this.#state.put(text, { change: "put", from });
    });
  }

  /**
   * Serves another operating point of the latest version, as a new version.
   *
   * @throws {InvalidInputError} If there is no such point.
   * @throws {NoPolicyError} If there is no document.
   */
  choose(active: string, { from, check }: ChangeOptions): Promise<Changed> {
    return this.#exclusive(async () => {
      await this.#state.catchUp();
      check?.(this.#state.head);
      const { text } = this.#state.known();
      const document = parsePolicy(text);
      const expected = [
        ...document.points.map(({ id }) => id),
        ...this.#context.graph.nodes.map((node) => `${ALWAYS_PREFIX}${node}`),
      ];
      if (!expected.includes(active)) {
        const reason = `there is no operating point ${show(active)}`;
        throw new InvalidInputError("active", `${reason}, expected one of ${expected.join(", ")}`);
      }
      const changed = active === document.active ? text : activatePoint(text, document, active);
      return await this.#state.put(changed, { change: "choose", from });
    });
  }

  /**
   * Brings an earlier version back, as a new version.
   *
   * @param version Its number; that of the one before the latest unless given.
   * @throws {InvalidInputError} If it is not kept.
   * @throws {PolicyError} If it cannot be used any longer.
   */
  rollback(version: number | undefined, { from, check }: ChangeOptions): Promise<Changed> {
    return this.#exclusive(async () => {
      await this.#state.catchUp();
      check?.(this.#state.head);
      const head = this.#state.known();
      const kept = (await this.versions()).slice(0, KEPT_VERSIONS).map((entry) => entry.version);
      const restores = version ?? kept.find((other) => other < head.version);
      const text = restores !== undefined && kept.includes(restores)
        ? await this.#context.store.text(this.#context.pair, restores)
        : undefined;
      if (restores === undefined || text === undefined) {
        const reason = `is ${show(restores)}, expected one of ${kept.join(", ")}`;
        throw new InvalidInputError("version", reason);
      }
      return await this.#state.put(text, { change: "rollback", from, restores });
    });
  }

  /**
   * The canary.
   *
   * @throws {NoPolicyError} If there is none.
   */
  canary(): Promise<CanarySnapshot> {
    return this.#exclusive(async () => {
      await this.#state.catchUp();
      return this.#state.knownCanary();
    });
  }

  /**
   * Has a share of the requests answered with another document, in place of the canary that there is.
   *
   * @throws {PolicyError} If the document cannot be used.
   * @throws {PolicyStoreError} If the store cannot be written.
   */
  setCanary(
    text: string,
    { share, from }: { readonly share: number; readonly from: string },
  ): Promise<{ canary: CanarySnapshot; dryRun: DryRunResult }> {
    return this.#exclusive(async () => {
      await this.#state.catchUp();
      const { dryRun } = await preparePolicy(text, this.#context);
      await this.#state.storeCanary({ text, share, from, date: new Date().toISOString() });
      return { canary: this.#state.knownCanary(), dryRun };
    });
  }

  /**
   * Changes the share of the canary. Keys that it had already stay with it when the share grows.
   *
   * @throws {NoPolicyError} If there is none.
   */
  setCanaryShare(share: number, { from }: ChangeOptions): Promise<CanarySnapshot> {
    return this.#exclusive(async () => {
      await this.#state.catchUp();
      this.#state.knownCanary();
      const stored = this.#state.canary.stored as PolicyCanary;
      await this.#state.storeCanary({ ...stored, share, from });
      return this.#state.knownCanary();
    });
  }

  /**
   * Ends the canary; the policy answers all requests again.
   *
   * @throws {NoPolicyError} If there is none.
   */
  dropCanary({ from }: ChangeOptions): Promise<void> {
    return this.#exclusive(async () => {
      await this.#state.catchUp();
      await this.#state.dropCanary(this.#state.knownCanary(), from);
    });
  }

  /**
   * Makes the canary the next version, which answers all requests.
   *
   * @throws {NoPolicyError} If there is none.
   */
  promote({ from }: ChangeOptions): Promise<Changed> {
    return this.#exclusive(async () => {
      await this.#state.catchUp();
      const changed = await this.#state.put(this.#state.knownCanary().text, {
        change: "promote",
        from,
      });
      await this.#state.storeCanary(undefined);
      return changed;
    });
  }

  /**
   * Takes back a policy that no longer keeps what is certified of it: a canary is dropped, a version
   * gives way to an earlier one or to the full model. Nothing happens if it does not serve any longer. A
   * store that cannot be read or written does not keep it from that.
   */
  fallBack(fall: FallBack): Promise<void> {
    return this.#exclusive(() => this.#state.fallBack(fall));
  }

  /** The audit trail, the latest version first. */
  async versions(): Promise<readonly PolicyVersion[]> {
    return await this.#context.store.versions(this.#context.pair);
  }

  /** The text of a version, if it is kept. */
  async text(version: number): Promise<string | undefined> {
    return await this.#context.store.text(this.#context.pair, version);
  }

  /** Stops following the store. */
  close(): void {
    this.#end.abort();
    clearTimeout(this.#retry);
  }

  #exclusive<T>(task: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(task);
    this.#turn = result.catch(() => {});
    return result;
  }
}
