import type { PolicyStore, Seed } from "../policies/stores/mod.ts";
import { NodeUnavailableError } from "./base/errors.ts";
import type { Log } from "./base/events.ts";
import type { Inference, InferOptions, PolicyRole } from "./inference.ts";
import type { LoadedPair } from "./load_pair.ts";
import { Comparisons, type Drawn } from "./monitor/comparisons.ts";
import type { WatchOptions } from "./monitor/watch_options.ts";
import type { SourceRules } from "./models/source_rules.ts";
import type { Plugin } from "./pair/discover.ts";
import { PairEntries, type PairEntry } from "./pair_entries.ts";
import { policyForRequest } from "./policy/operating_point.ts";
import type { PolicySnapshot } from "./policy/snapshot.ts";
import { WorkerPool } from "./runtime/pool.ts";
import type { RequestInput, RunReply, RunRequest } from "./runtime/requests.ts";
import type { RoutedItem, Walked } from "./walk/walked.ts";

/** What the workers are doing. */
export interface PoolStats {
  /** Number of workers. */
  readonly workers: number;
  /** Those that have something to do. */
  readonly busy: number;
  /** Requests that wait for one. */
  readonly waiting: number;
  /** Requests that may wait. */
  readonly capacity: number;
}

/** Options of {@linkcode Registry}. */
export interface RegistryOptions {
  /** Number of workers, each with its own copy of every session. */
  readonly workers: number;
  /** How many requests may wait when all workers are busy. */
  readonly queue: number;
  /** Where policy documents are kept. */
  readonly policies: PolicyStore;
  /**
   * The documents that ship with the pairs.
   *
   * @default none
   */
  readonly seed?: Seed | undefined;
  /**
   * URL of the folder in which models of the network are kept by their hash, with a trailing slash.
   *
   * @default `models/`
   */
  readonly models?: URL | undefined;
  /**
   * What models of the network may be.
   *
   * @default up to 256 MiB, over https, from public addresses
   */
  readonly sources?: SourceRules | undefined;
  /** How live traffic is watched. */
  readonly watch: WatchOptions;
  /** Receives one line for everything that an operator should know. */
  readonly log: Log;
  /**
   * Is told of every answer, in the asynchronous context of its request.
   *
   * @default does nothing
   */
  readonly onInference?: ((inference: Inference) => void) | undefined;
}

/** What the workers made of a request. */
interface Ran extends RunReply {
  /** What decided. */
  readonly policy: PolicySnapshot;
  /** Whether it is what serves, and not what the request asks for. */
  readonly isWatched: boolean;
  /** Milliseconds in the queue. */
  readonly waitMs: number;
}

/** The pairs of a server: loads them, knows their state, answers with them. */
export class Registry {
  readonly #options: RegistryOptions;
  readonly #pool: WorkerPool;
  readonly #entries: PairEntries;
  readonly #comparisons: Comparisons;
  #draining = false;

  /** Starts the workers; there are no pairs yet. */
  constructor(options: RegistryOptions) {
    this.#options = options;
    const { workers, queue, policies, seed, models, sources, watch, log } = options;
    this.#pool = new WorkerPool({
      size: workers,
      capacity: queue,
      onCrash: (worker, reason) => log(`worker ${worker}: ${reason}`, { kind: "worker_crashed" }),
    });
    const pool = this.#pool;
    this.#comparisons = new Comparisons(pool, watch.spare);
    this.#entries = new PairEntries({ pool, policies, seed, log, watch, cache: models, sources });
  }

  /**
   * Loads plugins. A plugin that fails is reported in its entry and in the log; the others serve.
   *
   * @returns When every plugin is ready or failed.
   */
  async load(plugins: readonly Plugin[]): Promise<void> {
    await Promise.all(plugins.map((plugin) => this.#entries.add(plugin)));
  }

  /** All plugins in the order in which they were found. */
  list(): readonly PairEntry[] {
    return this.#entries.all;
  }

  /** Whether every pair is ready or failed, at least one is ready, and more requests are welcome. */
  get ready(): boolean {
    return !this.#draining && this.#entries.ready;
  }

  /**
   * Finds a pair's entry.
   *
   * @throws {UnknownPairError} If there is no such pair.
   */
  entry(name: string): PairEntry {
    return this.#entries.find(name);
  }

  /**
   * Finds a pair that can answer.
   *
   * @throws {UnknownPairError} If there is no such pair.
   * @throws {PairNotReadyError} If it is loading or has failed.
   */
  get(name: string): LoadedPair {
    return this.#entries.loaded(name);
  }

  /**
   * Answers a request: every item goes its own way through the pair's graph.
   *
   * @param name The pair.
   * @param input The image, or items as one tensor; its buffer is moved to a worker.
   * @param options A policy to use instead of the pair's, and a signal.
   * @returns Routes and logits.
   * @throws {UnknownPairError} If there is no such pair.
   * @throws {PairNotReadyError} If it is loading or has failed.
   * @throws {InvalidInputError} If the input or the policy does not fit.
   * @throws {QueueFullError} If too many requests wait already.
   * @throws {NodeUnavailableError} If a model elsewhere does not answer, and the options name a policy,
   * which must not be replaced by another, or no node can answer.
   */
  async infer(name: string, input: RequestInput, options: InferOptions = {}): Promise<Inference> {
    const started = performance.now();
    const pair = this.get(name);
    const drawn = this.#comparisons.draw(pair.monitor, input);
    const ran = await this.#run(pair, input, options, started);
    const { policy, isWatched, decodeMs, waitMs } = ran;
    const items = price(pair, ran.items);
    if (isWatched) this.#watch(pair, policy, items, { drawn, id: options.id });
    const role = isWatched ? roleOf(pair, policy) : "request";
    const totalMs = performance.now() - started;
    return this.#tell({ pair, policy, items, decodeMs, waitMs, totalMs, role });
  }

  /** What the workers are doing at this moment. */
  get stats(): PoolStats {
    const { idle, size: workers, waiting } = this.#pool;
    return { workers, busy: workers - idle, waiting, capacity: this.#options.queue };
  }

  /** Whether the server is about to stop. */
  get draining(): boolean {
    return this.#draining;
  }

  /** Is not ready from now on; what is asked all the same is answered. */
  drain(): void {
    this.#draining = true;
  }

  /** Ends the workers; requests that wait or run are rejected. */
  close(): void {
    this.#comparisons.close();
    this.#entries.close();
    this.#pool.close();
  }

  /** Under one snapshot of the policy, which the workers retain until the answer is there. */
  #run(
    pair: LoadedPair,
    input: RequestInput,
    options: InferOptions,
    started: number,
  ): Promise<Ran> {
    return pair.live.use(async (served) => {
      let waitMs = 0;
      const onStart = () => waitMs = performance.now() - started;
      const policy = policyForRequest(pair.graph, served, options);
      const strict = options.policy !== undefined;
      const request = { pair: pair.spec.name, policy: policy.choice, input, strict };
      const reply = await this.#send(pair, request, options.signal, onStart);
      return { ...reply, policy, isWatched: policy === served, waitMs };
    }, options.key);
  }

  async #send(
    pair: LoadedPair,
    request: RunRequest,
    signal: AbortSignal | undefined,
    onStart: () => void,
  ): Promise<RunReply> {
    try {
      return await this.#pool.run(request, signal, onStart);
    } catch (error) {
      if (error instanceof NodeUnavailableError) pair.availability.lose(error.node, error.reason);
      throw error;
    }
  }

  /** Counts what the policy did, and has some of it compared. */
  #watch(
    { spec, graph, costs, monitor }: LoadedPair,
    policy: PolicySnapshot,
    items: readonly RoutedItem[],
    { drawn, id }: { readonly drawn: Drawn; readonly id: string | undefined },
  ): void {
    const logged = monitor.count(policy, items, { id, skipped: drawn.skipped });
    if (!drawn.copy) return;
    const costOf = (item: Walked) => costs.ofItem(item);
    const context = { pair: spec.name, full: graph.full, costOf, monitor };
    this.#comparisons.compareLater(context, { policy, items, logged }, drawn);
  }

  #tell(inference: Inference): Inference {
    this.#options.onInference?.(inference);
    return inference;
  }
}

/** Adds what each item has cost, and notes which nodes did not answer. */
function price({ availability, costs }: LoadedPair, walked: readonly Walked[]): RoutedItem[] {
  availability.note(walked);
  return walked.map((item) => ({ ...item, cost: costs.ofItem(item) }));
}

function roleOf({ live }: LoadedPair, { name }: PolicySnapshot): PolicyRole {
  return live.canarySnapshot?.name === name ? "canary" : "active";
}
