import { activatePoint, ALWAYS_PREFIX, parsePolicy, PolicyError } from "../../policies/mod.ts";
import {
  KEPT_VERSIONS,
  type NewPolicy,
  type PolicyCanary,
  PolicyConflictError,
  type PolicyDraft,
  type PolicyRecord,
  type PolicyStore,
  PolicyStoreError,
  type PolicyVersion,
  type Seed,
  sha256,
  type StoredPolicy,
} from "../../policies/stores/mod.ts";
import { NoPolicyError } from "../base/errors.ts";
import type { Log } from "../base/events.ts";
import { RetainedPolicy } from "./retained_policy.ts";
import { type CanarySnapshot, LiveCanary } from "./live_canary.ts";
import type { Changed, FallBack } from "./policy_change.ts";
import { type PreparedPolicy, preparePolicy, type PreparePolicyContext } from "./prepare_policy.ts";
import { Refusals } from "./refusals.ts";
import { builtInPolicy, snapshotOf } from "./snapshot.ts";

/** Where a policy lives. */
export interface LivePolicyContext extends PreparePolicyContext {
  /** Where the documents are kept. */
  readonly store: PolicyStore;
  /** The document that ships with the pair, for a store whose latest version is for other weights. */
  readonly seed?: Seed | undefined;
  /** Receives one line for every activation and refusal. */
  readonly log: Log;
  /**
   * Is told when a canary becomes a version, before that serves.
   *
   * @default does nothing
   */
  readonly onPromote?: ((canary: string, version: string) => void) | undefined;
}

/** Under what is noted that does not lie in a document, such as a store that cannot be read. */
export const TROUBLE: string = "trouble";

/**
 * What serves a pair and what the store had at the last look. Nothing here waits for its turn: that is up
 * to the caller, {@linkcode LivePolicy}.
 */
export class PolicyState {
  readonly #context: LivePolicyContext;
  /** What serves. */
  served: RetainedPolicy;
  /** The latest version, which serves unless it was refused. */
  head: StoredPolicy | undefined;
  /** The canary. */
  readonly canary: LiveCanary;
  /** Why documents are not in use. */
  readonly refusals: Refusals = new Refusals();
  /** Version of the store's head at the last look; a policy that could not be stored has a later one. */
  #latest = 0;
  /** SHA-256 of a draft that an alarm has taken back, where the store could not be written. */
  #fallenBackFrom: string | undefined;
  #serial = 0;

  /** Always the full model, until the store is looked at. */
  constructor(context: LivePolicyContext) {
    this.#context = context;
    const { graph } = context;
    this.canary = new LiveCanary(context);
    this.served = RetainedPolicy.builtIn(builtInPolicy(graph, `${ALWAYS_PREFIX}${graph.full}`));
  }

  /**
   * The latest version.
   *
   * @throws {NoPolicyError} If there is none.
   */
  known(): StoredPolicy {
    if (this.head) return this.head;
    throw new NoPolicyError(this.#context.pair, this.served.snapshot.name);
  }

  /**
   * The canary.
   *
   * @throws {NoPolicyError} If there is none.
   */
  knownCanary(): CanarySnapshot {
    const canary = this.canary.snapshot;
    if (canary) return canary;
    throw new NoPolicyError(this.#context.pair, this.served.snapshot.name, "canary");
  }

  /** Ends the canary, and tells the log. */
  async dropCanary({ name }: CanarySnapshot, from: string): Promise<void> {
    await this.storeCanary(undefined);
    const { pair, log } = this.#context;
    log(`pair ${pair}: ${name} was dropped, from ${from}`, {
      kind: "canary_dropped",
      pair,
      policy: name,
    });
  }

  /** Sets the canary, or none, in the store and here. */
  async storeCanary(canary: PolicyCanary | undefined): Promise<void> {
    const { pair, store } = this.#context;
    await store.setCanary(pair, canary);
    await this.canary.follow(canary);
  }

  /** Takes over what has changed in the store. */
  async catchUp(): Promise<void> {
    const { pair, store } = this.#context;
    const record = await store.read(pair);
    await this.#followPolicy(record);
    await this.canary.follow(record.canary);
  }

  /** Takes back a policy that no longer keeps what is certified of it; see {@linkcode LivePolicy}. */
  async fallBack({ policy, to, keptItsLevel, from }: FallBack): Promise<void> {
    await this.catchUp().catch((error) => this.refuse(TROUBLE, String(error)));
    const canary = this.canary.snapshot;
    if (canary?.name === policy) return await this.dropCanary(canary, from);
    const head = this.head;
    if (this.served.snapshot.name !== policy || !head) return;
    const restores = to === "rollback"
      ? await this.#lastThatKeptItsLevel(head, keptItsLevel).catch(() => undefined)
      : undefined;
    if (restores) return void await this.put(restores.text, { ...restores, from });
    const full = `${ALWAYS_PREFIX}${this.#context.graph.full}`;
    const text = activatePoint(head.text, parsePolicy(head.text), full);
    await this.put(text, { change: "fall_back", from });
  }

  async #lastThatKeptItsLevel(head: StoredPolicy, keptItsLevel: (policy: string) => boolean) {
    const { pair, store } = this.#context;
    for (const { version, sha256 } of (await store.versions(pair)).slice(1, KEPT_VERSIONS)) {
      if (sha256 === head.sha256 || !keptItsLevel(`${pair}@${version}`)) continue;
      const text = await store.text(pair, version);
      const fits = text !== undefined &&
        await preparePolicy(text, this.#context).then(() => true, () => false);
      if (fits) return { text, change: "fall_back", restores: version } as const;
    }
    return undefined;
  }

  async #followPolicy({ head, draft }: PolicyRecord): Promise<void> {
    this.#latest = head?.version ?? 0;
    // A draft that serves already, or that failed, because the store cannot be written.
    const known = [this.served.version?.sha256, this.#fallenBackFrom];
    if (draft && known.includes(sha256(draft.text))) {
      this.refusals.clear();
      return;
    }
    if (head) this.head = head;
    try {
      if (draft && await this.#tryDraft(draft)) return;
      if (head && !this.#serves(head)) await this.#tryHead(head, draft);
      else if (!draft) this.refusals.clear();
    } catch (error) {
      if (!(error instanceof PolicyConflictError)) throw error;
      // Another process has made it a version at the same moment.
      await this.catchUp();
    }
  }

  /** Serves the latest version if it is fit; where nothing else serves, what ships with the pair. */
  async #tryHead(head: StoredPolicy, draft: PolicyDraft | undefined): Promise<void> {
    const { pair, seed } = this.#context;
    const key = `${head.version} ${head.sha256}`;
    if (!this.refusals.again(key)) {
      try {
        await this.#activate(head, await preparePolicy(head.text, this.#context));
        if (!draft) this.refusals.clear();
        return;
      } catch (error) {
        if (!(error instanceof PolicyError)) throw error;
        this.refuse(key, `version ${head.version}: ${error.message}`);
      }
    }
    const shipped = this.served.version || draft ? undefined : await seed?.(pair);
    if (shipped) await this.#tryDraft(shipped);
  }

  /** Makes a draft a version and serves it; whether it was fit. */
  async #tryDraft({ text, from }: PolicyDraft): Promise<boolean> {
    const key = sha256(text);
    if (this.refusals.again(key) || this.head?.text === text) return false;
    let prepared: PreparedPolicy;
    try {
      prepared = await preparePolicy(text, this.#context);
    } catch (error) {
      if (!(error instanceof PolicyError)) throw error;
      this.refuse(key, `${error.message} (${from})`);
      return false;
    }
    const policy: NewPolicy = {
      text,
      change: "edit",
      from,
      operating_point: prepared.document.active,
    };
    await this.#activate(await this.#keep(policy), prepared);
    this.refusals.clear();
    return true;
  }

  /** Stores a draft; where the store cannot be written it serves all the same. */
  async #keep(policy: NewPolicy): Promise<StoredPolicy> {
    const { pair, log } = this.#context;
    try {
      return await this.#store(policy);
    } catch (error) {
      if (!(error instanceof PolicyStoreError)) throw error;
      const line = `pair ${pair}: ${error.message}; the policy serves, but no versions are kept`;
      log(line, { kind: "store_failed", pair });
      if (policy.change === "fall_back") this.#fallenBackFrom = this.served.version?.sha256;
      const version = Math.max(this.#latest, this.served.version?.version ?? 0) + 1;
      const date = new Date().toISOString();
      return { ...policy, version, date, sha256: sha256(policy.text) };
    }
  }

  async #store(policy: NewPolicy): Promise<StoredPolicy> {
    const { pair, store } = this.#context;
    const stored = await store.put(pair, policy, this.#latest);
    this.#latest = stored.version;
    return stored;
  }

  /** Makes a document the next version and serves it, if it is fit and not there already. */
  async put(
    text: string,
    policy: Pick<NewPolicy, "change" | "from" | "restores">,
  ): Promise<Changed> {
    const prepared = await preparePolicy(text, this.#context);
    const { dryRun, document } = prepared;
    const head = this.head;
    if (head?.text === text) return { stored: head, isNew: false, dryRun };
    const next = { ...policy, text, operating_point: document.active };
    // An alarm must not wait for a disk.
    const stored = await (policy.change === "fall_back" ? this.#keep(next) : this.#store(next));
    await this.#activate(stored, prepared);
    this.refusals.clear();
    return { stored, isNew: true, dryRun };
  }

  /** The workers are told first, then one pointer changes. */
  async #activate(stored: StoredPolicy, { document, bound }: PreparedPolicy): Promise<void> {
    const { pair, graph, pool, log, onPromote } = this.#context;
    const name = `${pair}@${stored.version}`;
    const canary = this.canary.snapshot;
    if (canary && sha256(canary.text) === stored.sha256) onPromote?.(canary.name, name);
    const snapshot = snapshotOf({
      name,
      id: `${name}#${this.#serial++}`,
      document,
      graph,
      probation: await this.#probationOf(stored),
    });
    const retained = await RetainedPolicy.retain({ pool, snapshot, bound, version: stored, log });
    const old = this.served;
    this.served = retained;
    this.head = stored;
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

  #serves(head: PolicyVersion): boolean {
    const { version } = this.served;
    return version?.version === head.version && version.sha256 === head.sha256;
  }

  /** Notes why something is not in use, and tells the log if that is news. */
  refuse(key: string, message: string): void {
    if (!this.refusals.note(key, message)) return;
    const { pair, log } = this.#context;
    log(`pair ${pair}: ${message}; serving ${this.served.snapshot.name}`, {
      kind: key === TROUBLE ? "store_failed" : "policy_refused",
      pair,
    });
  }
}
