import {
  activatePoint,
  ALWAYS,
  KEPT_VERSIONS,
  type NewPolicy,
  parsePolicy,
  type PolicyCanary,
  PolicyConflictError,
  type PolicyDraft,
  PolicyError,
  type PolicyRecord,
  type PolicyStore,
  PolicyStoreError,
  type PolicyVersion,
  type Seed,
  sha256,
  show,
  type StoredPolicy,
} from "../policies/mod.ts";
import { InvalidInputError, NoPolicyError } from "./errors.ts";
import { HeldPolicy } from "./held_policy.ts";
import { type CanarySnapshot, LiveCanary } from "./live_canary.ts";
import { type PreparedPolicy, preparePolicy, type PreparePolicyContext } from "./prepare_policy.ts";
import { builtInPolicy, type PolicySnapshot, snapshotOf } from "./snapshot.ts";
import type { Trial } from "./trial.ts";

/** Where a policy lives. */
export interface LivePolicyContext extends PreparePolicyContext {
  /** Where the documents are kept. */
  readonly store: PolicyStore;
  /** The document that ships with the pair, for a store whose latest version is for other weights. */
  readonly seed?: Seed | undefined;
  /** Receives one line for every activation and refusal. */
  readonly log: (line: string) => void;
  /**
   * Is told when a canary becomes a version, before that serves.
   *
   * @default does nothing
   */
  readonly onPromote?: ((canary: string, version: string) => void) | undefined;
}

/** What to do with a policy that no longer keeps what is certified of it. */
export interface FallBack {
  /** Name of the policy. */
  readonly policy: string;
  /** Back to the last version that held, or to the full model; to that also where no version held. */
  readonly to: "rollback" | "full";
  /** Whether a version is not known to have failed as well. */
  readonly held: (policy: string) => boolean;
  /** Why, for the audit trail. */
  readonly from: string;
}

/** Who changes a policy, and what must be true before. */
export interface ChangeOptions {
  /** From where, for the audit trail. */
  readonly from: string;
  /** Throws if the latest version is not the one that the caller knows. Nothing unless given. */
  readonly check?: ((head: StoredPolicy | undefined) => void) | undefined;
}

/** What became of a change. */
export interface Changed {
  /** The version that there is now. */
  readonly stored: StoredPolicy;
  /** Whether it is new; a document that is there already makes no version. */
  readonly isNew: boolean;
  /** What it does. */
  readonly trial: Trial;
}

/** Milliseconds until what failed for a reason that may pass is tried again. */
const RETRY_MS = 1000;

/** Under what is noted that does not lie in a document, such as a store that cannot be read. */
const TROUBLE = "trouble";

/**
 * The policy of one pair while requests run. Documents go parse → schema → bind → dry run → store →
 * activate; whatever fails leaves the old one serving. A request takes one snapshot and finishes on it.
 */
export class LivePolicy {
  readonly #context: LivePolicyContext;
  readonly #end = new AbortController();
  #served: HeldPolicy;
  #head: StoredPolicy | undefined;
  readonly #canary: LiveCanary;
  /** Version of the store's head at the last look; a policy that could not be stored has a later one. */
  #latest = 0;
  /** SHA-256 of a draft that an alarm has taken back, where the store could not be written. */
  #fallenBackFrom: string | undefined;
  /** Why documents are not in use, by what they are; the one that matters now is the last. */
  readonly #refused = new Map<string, string>();
  #retry: ReturnType<typeof setTimeout> | undefined;
  /** Changes follow one another, so that no older one overtakes a newer. */
  #turn: Promise<unknown> = Promise.resolve();
  #serial = 0;

  private constructor(context: LivePolicyContext) {
    this.#context = context;
    const { graph } = context;
    this.#canary = new LiveCanary(context);
    this.#served = HeldPolicy.builtIn(builtInPolicy(graph, `${ALWAYS}${graph.full}`));
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
    const { snapshot } = this.#served;
    const rejected = [...this.#refused.values()].at(-1);
    return rejected === undefined ? snapshot : { ...snapshot, rejected };
  }

  /** The canary that serves at this moment, if there is one. */
  get canarySnapshot(): CanarySnapshot | undefined {
    return this.#canary.snapshot;
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
    return (this.#canary.pick(key) ?? this.#served).use(task);
  }

  /** Takes over what has changed in the store. Never fails: what cannot be used is reported. */
  async sync(): Promise<void> {
    try {
      await this.#exclusive(() => this.#catchUp());
      this.#refused.delete(TROUBLE);
    } catch (error) {
      if (this.#end.signal.aborted) return;
      this.#refuse(TROUBLE, error instanceof Error ? error.message : String(error));
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
      await this.#catchUp();
      return this.#known();
    });
  }

  /**
   * Checks a document as {@linkcode replace} does; nothing changes.
   *
   * @param text The document.
   * @returns What it would do.
   * @throws {PolicyError} If it cannot be used.
   */
  async validate(text: string): Promise<Trial> {
    return (await preparePolicy(text, this.#context)).trial;
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
      await this.#catchUp();
      check?.(this.#head);
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
    return this.#exclusive(async () => {
      await this.#catchUp();
      check?.(this.#head);
      const { text } = this.#known();
      const document = parsePolicy(text);
      const expected = [
        ...document.points.map(({ id }) => id),
        ...this.#context.graph.nodes.map((node) => `${ALWAYS}${node}`),
      ];
      if (!expected.includes(active)) {
        const reason = `there is no operating point ${show(active)}`;
        throw new InvalidInputError("active", `${reason}, expected one of ${expected.join(", ")}`);
      }
      const changed = active === document.active ? text : activatePoint(text, document, active);
      return await this.#put(changed, { change: "choose", from });
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
      await this.#catchUp();
      check?.(this.#head);
      const head = this.#known();
      const kept = (await this.versions()).slice(0, KEPT_VERSIONS).map((entry) => entry.version);
      const restores = version ?? kept.find((other) => other < head.version);
      const text = restores !== undefined && kept.includes(restores)
        ? await this.#context.store.text(this.#context.pair, restores)
        : undefined;
      if (restores === undefined || text === undefined) {
        const reason = `is ${show(restores)}, expected one of ${kept.join(", ")}`;
        throw new InvalidInputError("version", reason);
      }
      return await this.#put(text, { change: "rollback", from, restores });
    });
  }

  /**
   * The canary.
   *
   * @throws {NoPolicyError} If there is none.
   */
  canary(): Promise<CanarySnapshot> {
    return this.#exclusive(async () => {
      await this.#catchUp();
      return this.#knownCanary();
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
  ): Promise<{ canary: CanarySnapshot; trial: Trial }> {
    return this.#exclusive(async () => {
      await this.#catchUp();
      const { trial } = await preparePolicy(text, this.#context);
      await this.#storeCanary({ text, share, from, date: new Date().toISOString() });
      return { canary: this.#knownCanary(), trial };
    });
  }

  /**
   * Changes the share of the canary. Keys that it had already stay with it when the share grows.
   *
   * @throws {NoPolicyError} If there is none.
   */
  setCanaryShare(share: number, { from }: ChangeOptions): Promise<CanarySnapshot> {
    return this.#exclusive(async () => {
      await this.#catchUp();
      this.#knownCanary();
      const stored = this.#canary.stored as PolicyCanary;
      await this.#storeCanary({ ...stored, share, from });
      return this.#knownCanary();
    });
  }

  /**
   * Ends the canary; the policy answers all requests again.
   *
   * @throws {NoPolicyError} If there is none.
   */
  dropCanary({ from }: ChangeOptions): Promise<void> {
    return this.#exclusive(async () => {
      await this.#catchUp();
      await this.#dropCanary(this.#knownCanary(), from);
    });
  }

  /**
   * Makes the canary the next version, which answers all requests.
   *
   * @throws {NoPolicyError} If there is none.
   */
  promote({ from }: ChangeOptions): Promise<Changed> {
    return this.#exclusive(async () => {
      await this.#catchUp();
      const changed = await this.#put(this.#knownCanary().text, { change: "promote", from });
      await this.#storeCanary(undefined);
      return changed;
    });
  }

  /**
   * Takes back a policy that no longer keeps what is certified of it: a canary is dropped, a version
   * gives way to an earlier one or to the full model. Nothing happens if it does not serve any longer. A
   * store that cannot be read or written does not keep it from that.
   */
  fallBack({ policy, to, held, from }: FallBack): Promise<void> {
    return this.#exclusive(async () => {
      await this.#catchUp().catch((error) => this.#refuse(TROUBLE, String(error)));
      const canary = this.canarySnapshot;
      if (canary?.name === policy) return await this.#dropCanary(canary, from);
      const head = this.#head;
      if (this.#served.snapshot.name !== policy || !head) return;
      const restores = to === "rollback"
        ? await this.#lastThatHeld(head, held).catch(() => undefined)
        : undefined;
      if (restores) return void await this.#put(restores.text, { ...restores, from });
      const full = `${ALWAYS}${this.#context.graph.full}`;
      const text = activatePoint(head.text, parsePolicy(head.text), full);
      await this.#put(text, { change: "fall_back", from });
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
    this.#end.abort();
    clearTimeout(this.#retry);
  }

  async #lastThatHeld(head: StoredPolicy, held: (policy: string) => boolean) {
    const { pair, store } = this.#context;
    for (const { version, sha256 } of (await this.versions()).slice(1, KEPT_VERSIONS)) {
      if (sha256 === head.sha256 || !held(`${pair}@${version}`)) continue;
      const text = await store.text(pair, version);
      const fits = text !== undefined &&
        await preparePolicy(text, this.#context).then(() => true, () => false);
      if (fits) return { text, change: "fall_back", restores: version } as const;
    }
    return undefined;
  }

  #knownCanary(): CanarySnapshot {
    const canary = this.canarySnapshot;
    if (canary) return canary;
    throw new NoPolicyError(this.#context.pair, this.#served.snapshot.name, "canary");
  }

  async #dropCanary({ name }: CanarySnapshot, from: string): Promise<void> {
    await this.#storeCanary(undefined);
    this.#context.log(`pair ${this.#context.pair}: ${name} was dropped, from ${from}`);
  }

  async #storeCanary(canary: PolicyCanary | undefined): Promise<void> {
    const { pair, store } = this.#context;
    await store.setCanary(pair, canary);
    await this.#canary.follow(canary);
  }

  #known(): StoredPolicy {
    if (this.#head) return this.#head;
    throw new NoPolicyError(this.#context.pair, this.#served.snapshot.name);
  }

  #exclusive<T>(task: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(task);
    this.#turn = result.catch(() => {});
    return result;
  }

  async #catchUp(): Promise<void> {
    const { pair, store } = this.#context;
    const record = await store.read(pair);
    await this.#followPolicy(record);
    await this.#canary.follow(record.canary);
  }

  async #followPolicy({ head, draft }: PolicyRecord): Promise<void> {
    this.#latest = head?.version ?? 0;
    // A draft that serves already, or that failed, because the store cannot be written.
    const known = [this.#served.version?.sha256, this.#fallenBackFrom];
    if (draft && known.includes(sha256(draft.text))) {
      this.#refused.clear();
      return;
    }
    if (head) this.#head = head;
    try {
      if (draft && await this.#tryDraft(draft)) return;
      if (head && !this.#serves(head)) await this.#tryHead(head, draft);
      else if (!draft) this.#refused.clear();
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
    if (!this.#wasRefused(key)) {
      try {
        await this.#activate(head, await preparePolicy(head.text, this.#context));
        if (!draft) this.#refused.clear();
        return;
      } catch (error) {
        if (!(error instanceof PolicyError)) throw error;
        this.#refuse(key, `version ${head.version}: ${error.message}`);
      }
    }
    const shipped = this.#served.version || draft ? undefined : await seed?.(pair);
    if (shipped) await this.#tryDraft(shipped);
  }

  /** Makes a draft a version and serves it; whether it was fit. */
  async #tryDraft({ text, from }: PolicyDraft): Promise<boolean> {
    const key = sha256(text);
    if (this.#wasRefused(key) || this.#head?.text === text) return false;
    let prepared: PreparedPolicy;
    try {
      prepared = await preparePolicy(text, this.#context);
    } catch (error) {
      if (!(error instanceof PolicyError)) throw error;
      this.#refuse(key, `${error.message} (${from})`);
      return false;
    }
    const policy: NewPolicy = {
      text,
      change: "edit",
      from,
      operating_point: prepared.document.active,
    };
    await this.#activate(await this.#keep(policy), prepared);
    this.#refused.clear();
    return true;
  }

  /** Stores a draft; where the store cannot be written it serves all the same. */
  async #keep(policy: NewPolicy): Promise<StoredPolicy> {
    const { pair, log } = this.#context;
    try {
      return await this.#store(policy);
    } catch (error) {
      if (!(error instanceof PolicyStoreError)) throw error;
      log(`pair ${pair}: ${error.message}; the policy serves, but no versions are kept`);
      if (policy.change === "fall_back") this.#fallenBackFrom = this.#served.version?.sha256;
      const version = Math.max(this.#latest, this.#served.version?.version ?? 0) + 1;
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

  async #put(
    text: string,
    policy: Pick<NewPolicy, "change" | "from" | "restores">,
  ): Promise<Changed> {
    const prepared = await preparePolicy(text, this.#context);
    const { trial, document } = prepared;
    const head = this.#head;
    if (head?.text === text) return { stored: head, isNew: false, trial };
    const next = { ...policy, text, operating_point: document.active };
    // An alarm must not wait for a disk.
    const stored = await (policy.change === "fall_back" ? this.#keep(next) : this.#store(next));
    await this.#activate(stored, prepared);
    this.#refused.clear();
    return { stored, isNew: true, trial };
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
      trial: await this.#trialOf(stored),
    });
    const held = await HeldPolicy.hold({ pool, snapshot, bound, version: stored, log });
    const old = this.#served;
    this.#served = held;
    this.#head = stored;
    old.retire();
    const how = stored.restores === undefined
      ? stored.change
      : `${stored.change} to version ${stored.restores}`;
    log(`pair ${pair}: serves ${name} (${document.active}), ${how} from ${stored.from}`);
  }

  /** After a fall-back to the full model: the point that served before. */
  async #trialOf({ change, restores, version }: PolicyVersion): Promise<string | undefined> {
    if (change !== "fall_back" || restores !== undefined) return undefined;
    const versions = await this.versions().catch((): PolicyVersion[] => []);
    return versions.find((other) => other.version < version)?.operating_point;
  }

  #serves(head: PolicyVersion): boolean {
    const { version } = this.#served;
    return version?.version === head.version && version.sha256 === head.sha256;
  }

  #refuse(key: string, message: string): void {
    if (this.#refused.get(key) === message) return;
    this.#refused.set(key, message);
    const { pair, log } = this.#context;
    log(`pair ${pair}: ${message}; serving ${this.#served.snapshot.name}`);
  }

  /** Whether something was refused before, which then matters again; nobody is told twice. */
  #wasRefused(key: string): boolean {
    const message = this.#refused.get(key);
    if (message === undefined) return false;
    this.#refused.delete(key);
    this.#refused.set(key, message);
    return true;
  }
}
