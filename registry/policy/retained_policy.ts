import type { BoundPolicy } from "../../policies/mod.ts";
import type { PolicyVersion } from "../../policies/stores/mod.ts";
import type { WorkerPool } from "../runtime/pool.ts";
import type { PolicySnapshot } from "./snapshot.ts";

/** What {@linkcode RetainedPolicy.retain} gives the workers. */
export interface RetainOptions {
  /** The workers. */
  readonly pool: WorkerPool;
  /** What requests see of the policy; its `id` is that under which the workers know it. */
  readonly snapshot: PolicySnapshot & { readonly id: string };
  /** The policy. */
  readonly bound: BoundPolicy;
  /** The stored version; undefined for a canary. */
  readonly version: PolicyVersion | undefined;
  /** Is told when the workers could not be told to forget. */
  readonly log: (line: string) => void;
}

/** A policy that the workers retain until it has been replaced and its last user is done. */
export class RetainedPolicy {
  /** What requests see of it. */
  readonly snapshot: PolicySnapshot;
  /** The stored version; undefined for a built-in policy. */
  readonly version: PolicyVersion | undefined;
  readonly #forget: () => void;
  #users = 0;
  #retired = false;

  private constructor(
    snapshot: PolicySnapshot,
    version: PolicyVersion | undefined,
    forget: () => void,
  ) {
    this.snapshot = snapshot;
    this.version = version;
    this.#forget = forget;
  }

  /** A built-in policy, which the workers know without being told. */
  static builtIn(snapshot: PolicySnapshot): RetainedPolicy {
    return new RetainedPolicy(snapshot, undefined, () => {});
  }

  /**
   * Tells every worker of a policy.
   *
   * @returns When all retain it.
   * @throws {WorkerCrashError} If a worker dies meanwhile; then none retains it.
   */
  static async retain(options: RetainOptions): Promise<RetainedPolicy> {
    const { pool, snapshot, bound, version, log } = options;
    const { id } = snapshot;
    const key = `policy ${id}`;
    const forget = () => {
      pool.retract(key, "dropPolicy", id).catch((error) => log(`${key}: ${error}`));
    };
    try {
      await pool.broadcast(key, () => Promise.resolve(["setPolicy", { id, policy: bound }]));
    } catch (error) {
      // Those workers retain it that have not died.
      forget();
      throw error;
    }
    return new RetainedPolicy(snapshot, version, forget);
  }

  /** Does something for which the workers must retain the policy. */
  async use<T>(task: (policy: PolicySnapshot) => Promise<T>): Promise<T> {
    this.#users++;
    try {
      return await task(this.snapshot);
    } finally {
      this.#users--;
      this.#forgetIfDone();
    }
  }

  /** The workers may forget it once its last user is done. */
  retire(): void {
    this.#retired = true;
    this.#forgetIfDone();
  }

  #forgetIfDone(): void {
    if (this.#retired && this.#users === 0) this.#forget();
  }
}
