import type { PolicyStore, Seed } from "../policies/stores/mod.ts";
import type { Plugin } from "./pair/discover.ts";
import {
  InvalidInputError,
  NodeUnavailableError,
  PairNotReadyError,
  PluginError,
  UnknownPairError,
} from "./base/errors.ts";
import type { Log } from "./base/events.ts";
import type { Graph } from "./pair/graph_inputs.ts";
import type { Inference, InferOptions, PolicyRole } from "./inference.ts";
import { type LoadedPair, loadPair } from "./load_pair.ts";
import { copyItems } from "./monitor/copy_items.ts";
import { type DrawnInputs, shadow } from "./monitor/shadow.ts";
import type { WatchOptions } from "./monitor/watch_options.ts";
import type { SourceRules } from "./models/source_rules.ts";
import { parsePair } from "./pair/pair.ts";
import type { RequestInput, RunReply, RunRequest } from "./runtime/requests.ts";
import { WorkerPool } from "./runtime/pool.ts";
import { pointForRequest } from "./policy/operating_point.ts";
import { builtInPolicy, type PolicySnapshot } from "./policy/snapshot.ts";
import type { Walked } from "./walk/walk.ts";

/** A plugin and what became of it. */
export interface PairEntry {
  /** Name of the pair; of the plugin's folder if the pair could not be read. */
  readonly name: string;
  /** Whether the pair can answer. */
  readonly status: "loading" | "ready" | "failed";
  /** Why it failed: the field and what was expected. */
  readonly reason?: string | undefined;
  /** The pair, once ready. */
  readonly loaded?: LoadedPair | undefined;
}

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

/** The pairs of a server: loads them, knows their state, answers with them. */
export class Registry {
  readonly #options: RegistryOptions;
  readonly #pool: WorkerPool;
  readonly #entries: PairEntry[] = [];
  /** Models are loaded and measured one pair after the other, so that costs are not disturbed. */
  #turn: Promise<unknown> = Promise.resolve();
  #draining = false;
  #closed = false;

  /** Starts the workers; there are no pairs yet. */
  constructor(options: RegistryOptions) {
    this.#options = options;
    this.#pool = new WorkerPool({
      size: options.workers,
      capacity: options.queue,
      onCrash: (worker, reason) => {
        options.log(`worker ${worker}: ${reason}`, { kind: "worker_crashed" });
      },
    });
  }

  /**
   * Loads plugins. A plugin that fails is reported in its entry and in the log; the others serve.
   *
   * @returns When every plugin is ready or failed.
   */
  async load(plugins: readonly Plugin[]): Promise<void> {
    await Promise.all(plugins.map((plugin) => this.#add(plugin)));
  }

  /** All plugins in the order in which they were found. */
  list(): readonly PairEntry[] {
    return this.#entries;
  }

  /** Whether every pair is ready or failed, at least one is ready, and more requests are welcome. */
  get ready(): boolean {
    return !this.#draining && this.#entries.some((entry) => entry.status === "ready") &&
      this.#entries.every((entry) => entry.status !== "loading");
  }

  /**
   * Finds a pair's entry.
   *
   * @throws {UnknownPairError} If there is no such pair.
   */
  entry(name: string): PairEntry {
    const named = this.#entries.filter((entry) => entry.name === name);
    // A plugin that failed goes by its folder, which may be the name of a pair that serves.
    const entry = named.find((entry) => entry.status !== "failed") ?? named[0];
    if (!entry) throw new UnknownPairError(name, this.#entries.map((entry) => entry.name));
    return entry;
  }

  /**
   * Finds a pair that can answer.
   *
   * @throws {UnknownPairError} If there is no such pair.
   * @throws {PairNotReadyError} If it is loading or has failed.
   */
  get(name: string): LoadedPair {
    const { status, reason, loaded } = this.entry(name);
    if (loaded) return loaded;
    throw new PairNotReadyError(name, reason ?? "it is still loading", status === "loading");
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
    const count = input.kind === "image" ? 1 : input.count;
    const drawn = pair.monitor.draw(count);
    // Asked before anything is known of the inputs, so that those that are compared are a random sample.
    const hasRoom = this.#pool.idle > this.#options.watch.spare;
    const copy = hasRoom && drawn.length > 0 ? copyItems(input, drawn) : undefined;
    let waitMs = 0;
    const onStart = () => waitMs = performance.now() - started;
    const { policy, isWatched, items: walked, decodeMs } = await pair.live.use(async (served) => {
      const policy = choosePolicy(pair.graph, served, options);
      const strict = options.policy !== undefined;
      const request = { pair: name, policy: policy.choice, input, strict };
      const reply = await this.#run(pair, request, options.signal, onStart);
      return { policy, isWatched: policy === served, ...reply };
    }, options.key);
    pair.availability.note(walked);
    const items = walked.map((item) => ({ ...item, cost: pair.costs.ofItem(item) }));
    if (isWatched) {
      const skipped = hasRoom ? 0 : drawn.length;
      const logged = pair.monitor.count(policy, items, { id: options.id, skipped });
      if (copy) this.#shadow(pair, { policy, input: copy, items, logged, drawn });
    }
    const inference: Inference = {
      pair,
      policy,
      items,
      decodeMs,
      waitMs,
      totalMs: performance.now() - started,
      role: isWatched ? roleOf(pair, policy) : "request",
    };
    this.#options.onInference?.(inference);
    return inference;
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
    this.#closed = true;
    for (const { loaded } of this.#entries) if (loaded) closePair(loaded);
    this.#pool.close();
  }

  async #run(
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

  /** Later, when the answer is on its way and its worker is free. */
  #shadow(
    pair: LoadedPair,
    { drawn, ...request }: DrawnInputs & { readonly drawn: readonly number[] },
  ): void {
    const pick = <T>(list: readonly T[]) => drawn.map((index) => list[index] as T);
    const context = {
      pair: pair.spec.name,
      full: pair.graph.full,
      costOf: (item: Walked) => pair.costs.ofItem(item),
      pool: this.#pool,
      spare: this.#options.watch.spare,
      monitor: pair.monitor,
    };
    setTimeout(() => {
      if (this.#closed) return;
      shadow(context, { ...request, items: pick(request.items), logged: pick(request.logged) });
    });
  }

  async #add(plugin: Plugin): Promise<void> {
    const index = this.#entries.push({ name: plugin.folder, status: "loading" }) - 1;
    const update = (entry: PairEntry) => this.#entries[index] = entry;
    const { log } = this.#options;
    let name = plugin.folder;
    try {
      const spec = parsePair(await importPlugin(plugin));
      this.#claim(spec.name, index, plugin);
      name = spec.name;
      update({ name, status: "loading" });
      const loaded = await loadPair(spec, plugin.url, {
        pool: this.#pool,
        policies: this.#options.policies,
        seed: this.#options.seed,
        log,
        cache: this.#options.models,
        sources: this.#options.sources,
        inTurn: this.#inTurn,
        watch: this.#options.watch,
      });
      update({ name, status: "ready", loaded });
      if (this.#closed) closePair(loaded);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      update({ name, status: "failed", reason });
      log(`pair ${name} failed: ${reason} (${plugin.folder}/pair.ts)`, {
        kind: "plugin_failed",
        pair: name,
      });
    }
  }

  readonly #inTurn = <T>(task: () => Promise<T>): Promise<T> => {
    const result = this.#turn.then(task);
    this.#turn = result.catch(() => {});
    return result;
  };

  /** The plugin whose folder has the name goes first, then the one that was found first. */
  #claim(name: string, index: number, plugin: Plugin): void {
    const taken = this.#entries.some((entry, other) =>
      other !== index && entry.name === name && entry.status !== "failed" &&
      (plugin.folder !== name || other < index)
    );
    if (taken) {
      throw new PluginError("name", `${name} is the name of another plugin, expected a new one`);
    }
  }
}

function roleOf({ live }: LoadedPair, { name }: PolicySnapshot): PolicyRole {
  return live.canarySnapshot?.name === name ? "canary" : "active";
}

function closePair({ live, availability }: LoadedPair): void {
  live.close();
  availability.close();
}

function choosePolicy(
  graph: Graph,
  served: PolicySnapshot,
  { policy, point }: InferOptions,
): PolicySnapshot {
  if (policy === undefined) return point ? pointForRequest(served, point) : served;
  if (!point) return builtInPolicy(graph, policy);
  throw new InvalidInputError(point.field, `is given with policy ${policy}, expected one of them`);
}

async function importPlugin(plugin: Plugin): Promise<unknown> {
  try {
    return await plugin.load();
  } catch (error) {
    throw new PluginError("pair.ts", `cannot be imported: ${(error as Error).message}`);
  }
}
