import type { NewPolicy, PolicyVersion, StoredPolicy } from "../../policies/stores/mod.ts";
import { NoPolicyError } from "../base/errors.ts";
import { ActivePolicy, type ActivePolicyContext } from "./active_policy.ts";
import type { DryRunResult } from "./dry_run_result.ts";
import { type CanarySnapshot, LiveCanary } from "./live_canary.ts";
import { textAtPoint, textOfVersion, textToFallBackTo } from "./next_text.ts";
import type { Changed, ChangeOptions, FallBack } from "./policy_change.ts";
import { preparePolicy } from "./prepare_policy.ts";
import type { PolicySnapshot } from "./snapshot.ts";
import { StoreFollower, type StoreFollowerContext } from "./store_follower.ts";

/** Where a policy lives. */
export type LivePolicyContext = ActivePolicyContext & StoreFollowerContext;

/**
 * The policy of one pair while requests run. Documents go parse → schema → bind → dry run → store →
 * activate; whatever fails leaves the old one serving. A request takes one snapshot and finishes on it.
 */
export class LivePolicy {
  readonly #context: LivePolicyContext;
  readonly #canary: LiveCanary;
  readonly #active: ActivePolicy;
  readonly #follower: StoreFollower;

  private constructor(context: LivePolicyContext) {
    this.#context = context;
    this.#canary = new LiveCanary(context);
    this.#active = new ActivePolicy(context, this.#canary);
    this.#follower = new StoreFollower(context, this.#active, this.#canary);
  }

  /**
   * Serves what the store has for a pair, or always the full model, and follows the store.
   *
   * @param context See {@linkcode LivePolicyContext}.
   * @returns The policy, ready to be used.
   */
  static async start(context: LivePolicyContext): Promise<LivePolicy> {
    const live = new LivePolicy(context);
    await live.#follower.start();
    return live;
  }

  /** The policy that serves at this moment. */
  get snapshot(): PolicySnapshot {
    const { snapshot } = this.#active;
    const { rejected } = this.#follower;
    return rejected === undefined ? snapshot : { ...snapshot, rejected };
  }

  /** The canary that serves at this moment, if there is one. */
  get canarySnapshot(): CanarySnapshot | undefined {
    return this.#canary.snapshot;
  }

  /**
   * Does something under the policy of this moment, or under the canary, which the workers retain until it
   * is done.
   *
   * @param task Gets the policy.
   * @param key Requests with the same key get the same of the two. At random unless given.
   * @returns What the task gives.
   */
  use<T>(task: (policy: PolicySnapshot) => Promise<T>, key?: string): Promise<T> {
    return (this.#canary.pick(key) ?? this.#active).use(task);
  }

  /**
   * The latest version, which serves unless it was refused.
   *
   * @throws {NoPolicyError} If there is none.
   */
  latest(): Promise<StoredPolicy> {
    return this.#follower.change(() => this.#known());
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
    return this.#follower.change(async () => {
      check?.(this.#active.head);
      return await this.#put(text, { change: "put", from });
    });
  }

  /**
   * Serves another operating point of the latest version, as a new version.
   *
   * @throws {InvalidInputError} If there is no such point.
   * @throws {NoPolicyError} If there is no document.
   */
  choose(active: string, { from, check }: ChangeOptions): Promise<Changed> {
    return this.#follower.change(async () => {
      check?.(this.#active.head);
      const text = textAtPoint(this.#known(), active, this.#context.graph);
      return await this.#put(text, { change: "choose", from });
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
    return this.#follower.change(async () => {
      check?.(this.#active.head);
      const { text, restores } = await textOfVersion(this.#known(), version, this.#context);
      return await this.#put(text, { change: "rollback", from, restores });
    });
  }

  /**
   * The canary.
   *
   * @throws {NoPolicyError} If there is none.
   */
  canary(): Promise<CanarySnapshot> {
    return this.#follower.change(() => this.#knownCanary());
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
    return this.#follower.change(async () => {
      const { dryRun } = await preparePolicy(text, this.#context);
      await this.#canary.set({ text, share, from, date: new Date().toISOString() });
      return { canary: this.#knownCanary(), dryRun };
    });
  }

  /**
   * Changes the share of the canary. Keys that it had already stay with it when the share grows.
   *
   * @throws {NoPolicyError} If there is none.
   */
  setCanaryShare(share: number, { from }: ChangeOptions): Promise<CanarySnapshot> {
    return this.#follower.change(async () => {
      this.#knownCanary();
      await this.#canary.setShare(share, from);
      return this.#knownCanary();
    });
  }

  /**
   * Ends the canary; the policy answers all requests again.
   *
   * @throws {NoPolicyError} If there is none.
   */
  dropCanary({ from }: ChangeOptions): Promise<void> {
    return this.#follower.change(async () => {
      this.#knownCanary();
      await this.#canary.drop(from);
    });
  }

  /**
   * Makes the canary the next version, which answers all requests.
   *
   * @throws {NoPolicyError} If there is none.
   */
  promote({ from }: ChangeOptions): Promise<Changed> {
    return this.#follower.change(async () => {
      const { text } = this.#knownCanary();
      const changed = await this.#put(text, { change: "promote", from });
      await this.#canary.set(undefined);
      return changed;
    });
  }

  /**
   * Takes back a policy that no longer keeps what is certified of it: a canary is dropped, a version
   * gives way to an earlier one or to the full model. Nothing happens if it does not serve any longer. A
   * store that cannot be read or written does not keep it from that.
   */
  fallBack(fall: FallBack): Promise<void> {
    return this.#follower.changeAnyway(async () => {
      const { policy, from } = fall;
      if (this.#canary.snapshot?.name === policy) return await this.#canary.drop(from);
      const { head, snapshot } = this.#active;
      if (snapshot.name !== policy || !head) return;
      const { text, ...restored } = await textToFallBackTo(head, fall, this.#context);
      await this.#put(text, { change: "fall_back", from, ...restored });
    });
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
    this.#follower.close();
  }

  async #put(
    text: string,
    policy: Pick<NewPolicy, "change" | "from" | "restores">,
  ): Promise<Changed> {
    const changed = await this.#active.put(text, policy);
    if (changed.isNew) this.#follower.forgetRefusals();
    return changed;
  }

  #known(): StoredPolicy {
    const { head, snapshot } = this.#active;
    if (head) return head;
    throw new NoPolicyError(this.#context.pair, snapshot.name);
  }

  #knownCanary(): CanarySnapshot {
    const canary = this.#canary.snapshot;
    if (canary) return canary;
    throw new NoPolicyError(this.#context.pair, this.#active.snapshot.name, "canary");
  }
}
