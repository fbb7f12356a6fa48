import { ALWAYS_PREFIX } from "../../policies/mod.ts";
import {
  type NewPolicy,
  type PolicyChange,
  type PolicyRecord,
  type PolicyStore,
  PolicyStoreError,
  type PolicyVersion,
  sha256,
  type StoredPolicy,
} from "../../policies/stores/mod.ts";
import type { Log } from "../base/events.ts";
import type { LiveCanary } from "./live_canary.ts";
import type { Changed } from "./policy_change.ts";
import { type PreparedPolicy, preparePolicy, type PreparePolicyContext } from "./prepare_policy.ts";
import { RetainedPolicy } from "./retained_policy.ts";
import { builtInPolicy, type PolicySnapshot, snapshotOf } from "./snapshot.ts";

/** Where a policy is activated. */
export interface ActivePolicyContext extends PreparePolicyContext {
  /** Where the documents are kept. */
  readonly store: PolicyStore;
  /** Receives one line for every activation. */
  readonly log: Log;
  /**
   * Is told when a canary becomes a version, before that serves.
   *
   * @default does nothing
   */
  readonly onPromote?: ((canary: string, version: string) => void) | undefined;
}

/** They serve even where the store cannot be written: an alarm must not wait for a disk. */
const SERVES_UNSTORED: readonly PolicyChange[] = ["edit", "fall_back"];

/**
 * What serves a pair. A document becomes it in four steps: prepare → store → retain → swap the pointer.
 * Nothing here waits for its turn; see {@linkcode StoreFollower}.
 */
export class ActivePolicy {
  readonly #context: ActivePolicyContext;
  readonly #canary: Pick<LiveCanary, "snapshot">;
  #retained: RetainedPolicy;
  #head: StoredPolicy | undefined;
  /** Version of the store's head at the last look; a policy that could not be stored has a later one. */
  #latest = 0;
  /** SHA-256 of a draft that an alarm has taken back, where the store could not be written. */
  #fallenBackFrom: string | undefined;
  #serial = 0;

  /**
   * Serves always the full model.
   *
   * @param context Where it is activated.
   * @param canary Tells which document may become a version.
   */
  constructor(context: ActivePolicyContext, canary: Pick<LiveCanary, "snapshot">) {
    this.#context = context;
    this.#canary = canary;
    const { graph } = context;
    this.#retained = RetainedPolicy.builtIn(builtInPolicy(graph, `${ALWAYS_PREFIX}${graph.full}`));
  }

  /** What requests see of it. */
  get snapshot(): PolicySnapshot {
    return this.#retained.snapshot;
  }

  /** The latest version, which serves unless it was refused. */
  get head(): StoredPolicy | undefined {
    return this.#head;
  }

  /** Whether no document serves. */
  get isBuiltIn(): boolean {
    return this.#retained.version === undefined;
  }

  /** Whether it is this version that serves. */
  serves({ version, sha256 }: PolicyVersion): boolean {
    const served = this.#retained.version;
    return served?.version === version && served.sha256 === sha256;
  }

  /** Does something for which the workers must retain what serves now. */
  use<T>(task: (policy: PolicySnapshot) => Promise<T>): Promise<T> {
    return this.#retained.use(task);
  }

  /**
   * Takes note of what the store has.
   *
   * @returns Whether that is news. It is not where the draft serves already, or has failed, and only lies
   * there because the store cannot be written.
   */
  see({ head, draft }: PolicyRecord): boolean {
    this.#latest = head?.version ?? 0;
    const known = [this.#retained.version?.sha256, this.#fallenBackFrom];
    if (draft && known.includes(sha256(draft.text))) return false;
    if (head) this.#head = head;
    return true;
  }

  /**
   * Serves a version that is stored.
   *
   * @throws {PolicyError} If it cannot be used.
   */
  async serve(stored: StoredPolicy): Promise<void> {
    await this.#activate(stored, await preparePolicy(stored.text, this.#context));
  }

  /**
   * Makes a document the next version and serves it, unless it is the latest already.
   *
   * @throws {PolicyError} If it cannot be used.
   * @throws {PolicyConflictError} If somebody else has stored a version since the last look.
   * @throws {PolicyStoreError} If the store cannot be written; what lies there, and what an alarm falls back
   * to, serves all the same.
   */
  async put(
    text: string,
    policy: Pick<NewPolicy, "change" | "from" | "restores">,
  ): Promise<Changed> {
    const prepared = await preparePolicy(text, this.#context);
    const { dryRun, document } = prepared;
    const head = this.#head;
    if (head?.text === text) return { stored: head, isNew: false, dryRun };
    const stored = await this.#keep({ ...policy, text, operating_point: document.active });
    await this.#activate(stored, prepared);
    return { stored, isNew: true, dryRun };
  }

  async #keep(policy: NewPolicy): Promise<StoredPolicy> {
    const { pair, store, log } = this.#context;
    try {
      const stored = await store.put(pair, policy, this.#latest);
      this.#latest = stored.version;
      return stored;
    } catch (error) {
      if (!(error instanceof PolicyStoreError)) throw error;
      if (!SERVES_UNSTORED.includes(policy.change)) throw error;
      const line = `pair ${pair}: ${error.message}; the policy serves, but no versions are kept`;
      log(line, { kind: "store_failed", pair });
      const served = this.#retained.version;
      if (policy.change === "fall_back") this.#fallenBackFrom = served?.sha256;
      const version = Math.max(this.#latest, served?.version ?? 0) + 1;
      const date = new Date().toISOString();
      return { ...policy, version, date, sha256: sha256(policy.text) };
    }
  }

  /** The workers are told first, then one pointer changes. */
  async #activate(stored: StoredPolicy, { document, bound }: PreparedPolicy): Promise<void> {
    const { pair, graph, pool, log, onPromote } = this.#context;
    const name = `${pair}@${stored.version}`;
    const canary = this.#canary.snapshot;
    if (canary && sha256(canary.text) === stored.sha256) onPromote?.(canary.name, name);
    const snapshot = snapshotOf({
      name,
      id: `${name}#${this.#serial++}`,
      document,
      graph,
      probation: await this.#probationOf(stored),
    });
    const retained = await RetainedPolicy.retain({ pool, snapshot, bound, version: stored, log });
    const old = this.#retained;
    this.#retained = retained;
    this.#head = stored;
    old.retire();
    const how = stored.restores === undefined
      ? stored.change
      : `${stored.change} to version ${stored.restores}`;
    log(`pair ${pair}: serves ${name} (${document.active}), ${how} from ${stored.from}`, {
      kind: "policy_swapped",
      pair,
      policy: name,
      about: stored.change,
    });
  }

  /** After a fall-back to the full model: the point that served before. */
  async #probationOf({ change, restores, version }: PolicyVersion): Promise<string | undefined> {
    if (change !== "fall_back" || restores !== undefined) return undefined;
    const { pair, store } = this.#context;
    const versions = await store.versions(pair).catch((): PolicyVersion[] => []);
    return versions.find((other) => other.version < version)?.operating_point;
  }
}
