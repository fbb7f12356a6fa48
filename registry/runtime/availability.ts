import type { Log } from "../base/events.ts";
import type { PairCosts } from "../walk/pair_costs.ts";
import type { WorkerPool } from "./pool.ts";
import type { Walked } from "../walk/walked.ts";

/** Milliseconds until a node that could not be measured is tried again. */
const RETRY_MS = 2000;

/** A node that fails now and then is not said to go and come more often than this. */
const SHORTEST_MS = 1000;

/** Milliseconds after which a node that comes back may have become another machine. */
const LONG_MS = 5000;

/** Knows which nodes of a pair do not answer. */
export interface NodeAvailability {
  /** Why a node did not answer lately; nothing if it does. */
  reason(node: string): string | undefined;
  /** Takes note that a node did not answer. */
  lose(node: string, reason: string): void;
  /** Takes note of what became of a request. */
  note(items: readonly Walked[]): void;
  /** Measures nothing any longer. */
  close(): void;
}

/** Options of {@linkcode Availability}. */
export interface AvailabilityOptions {
  /** Name of the pair. */
  readonly pair: string;
  /** Its costs, which are measured again when a node comes back. */
  readonly costs: PairCosts;
  /** Its first worker measures. */
  readonly pool: Pick<WorkerPool, "first">;
  /** Receives a line when a node goes or comes back. */
  readonly log: Log;
}

/** Knows which nodes of a pair do not answer, and measures those that are back. */
export class Availability implements NodeAvailability {
  readonly #options: AvailabilityOptions;
  /** Why nodes do not answer, and since when. */
  readonly #away = new Map<string, { readonly reason: string; readonly since: number }>();
  /** Nodes that have been away at any time. */
  readonly #lost = new Set<string>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #closed = false;

  /** Takes all nodes for available. */
  constructor(options: AvailabilityOptions) {
    this.#options = options;
  }

  /** Why a node did not answer lately; nothing if it does. */
  reason(node: string): string | undefined {
    return this.#away.get(node)?.reason;
  }

  /** Takes note that a node did not answer. */
  lose(node: string, reason: string): void {
    const { pair, costs, log } = this.#options;
    const before = this.#away.get(node);
    if (!before) {
      const event = { kind: "node_unavailable", pair, about: node } as const;
      log(`pair ${pair}: ${node} is not available: ${reason}`, event);
    }
    this.#away.set(node, { reason, since: before?.since ?? performance.now() });
    this.#lost.add(node);
    if (costs.of(node) === undefined) this.#measureLater();
  }

  /** Takes note of what became of a request. */
  note(items: readonly Walked[]): void {
    for (const { degraded } of items) if (degraded) this.lose(degraded.node, degraded.reason);
    const lost = new Set(items.map(({ degraded }) => degraded?.node));
    for (const [node, { since }] of this.#away) {
      const ms = performance.now() - since;
      if (ms < SHORTEST_MS || lost.has(node)) continue;
      if (!items.some(({ path }) => path.includes(node))) continue;
      this.#find(node);
      if (ms > LONG_MS || this.#options.costs.of(node) === undefined) this.#measure(node);
    }
  }

  /** Measures nothing any longer. */
  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  #find(node: string): void {
    this.#away.delete(node);
    const { pair, log } = this.#options;
    const event = { kind: "node_available", pair, about: node } as const;
    log(`pair ${pair}: ${node} is available again`, event);
  }

  /** Whether the node could be measured, or need not be. */
  async #measure(node: string): Promise<boolean> {
    const { pair, costs, pool } = this.#options;
    if (costs.isStated(node)) return true;
    // A worker that crashes is replaced, and asked the next time.
    const measured = await pool.first("measureNode", { pair, node }).catch(() => ({}));
    costs.update(measured);
    return node in measured;
  }

  /** Without requests nobody would notice that a node is back whose cost is not known yet. */
  #measureLater(): void {
    if (this.#closed || this.#timer !== undefined) return;
    this.#timer = setTimeout(async () => {
      for (const node of this.#unknown) {
        if (await this.#measure(node) && this.#away.has(node)) this.#find(node);
      }
      this.#timer = undefined;
      if (this.#unknown.length > 0) this.#measureLater();
    }, RETRY_MS);
  }

  /** Nodes that have been away and whose cost is not known yet. */
  get #unknown(): string[] {
    return [...this.#lost].filter((node) => this.#options.costs.of(node) === undefined);
  }
}
