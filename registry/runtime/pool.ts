import { QueueFullError } from "../base/errors.ts";
import { locations } from "../base/locations.ts";
import { WorkerClient, WorkerCrashError, type WorkerLike } from "./client.ts";
import type { RunReply, RunRequest } from "./requests.ts";
import type { Argument, Method, Value } from "./messages.ts";

/** Options of {@linkcode WorkerPool}. */
export interface WorkerPoolOptions {
  /** Number of workers, each with its own copy of every session. */
  readonly size: number;
  /** How many requests may wait when all workers are busy. */
  readonly capacity: number;
  /**
   * Makes a worker.
   *
   * @default a worker with the engine on ONNX Runtime Web
   */
  readonly spawn?: () => WorkerLike;
  /**
   * Is told of crashes, for the log.
   *
   * @default does nothing
   */
  readonly onCrash?: (worker: number, reason: string) => void;
}

interface Job {
  readonly request: RunRequest;
  readonly signal: AbortSignal | undefined;
  readonly onStart?: (() => void) | undefined;
  resolve(reply: RunReply): void;
  reject(error: unknown): void;
}

interface Slot {
  client: WorkerClient;
  /** How many requests it runs; a restart counts as one. */
  running: number;
  /** How many requests it holds that wait for a model elsewhere, and leave it to others. */
  waiting: number;
  /** Settles when the worker holds everything that was broadcast. */
  ready: Promise<void>;
  crashes: number;
}

/**
 * Makes a call that every worker must get; called again for a worker that replaces a crashed one.
 * The buffers that are given with it are moved to the last worker, not copied.
 */
export type MakeCall<M extends Method = Method> = () => Promise<
  readonly [method: M, argument: Argument<M>, buffers?: ArrayBuffer[]]
>;

/** Each holds an input, which may be large. */
const MAX_BACKGROUND = 16;

/** Each holds its input and what has been computed of it. */
const MAX_WAITING = 32;

const MAX_RESTART_DELAY_MS = 30_000;

/**
 * A fixed number of workers behind one bounded queue. Each worker takes one request at a time, and
 * others while those that it has wait for a model elsewhere; so several may run when answers arrive. A
 * worker that crashes is replaced and gets everything again that had been broadcast.
 */
export class WorkerPool {
  readonly #options: WorkerPoolOptions;
  readonly #slots: Slot[];
  readonly #queue: Job[] = [];
  /** What waits for a moment in which so many workers are idle beside the one that takes it. */
  readonly #background: { readonly job: Job; readonly spare: number }[] = [];
  readonly #state = new Map<string, MakeCall>();
  readonly #closed = new AbortController();

  /** Starts the workers. */
  constructor(options: WorkerPoolOptions) {
    this.#options = options;
    this.#slots = Array.from({ length: options.size }, (_, index) => ({
      client: this.#connect(index),
      running: 0,
      waiting: 0,
      ready: Promise.resolve(),
      crashes: 0,
    }));
  }

  /**
   * Makes a call in every worker and keeps it for workers that come later.
   *
   * @param key What the call sets; a later call with the same key takes its place.
   * @param make Makes the call. It is asked again when a worker is replaced, so that large arguments
   * need not be kept.
   * @returns The first worker's answer, when all have answered.
   */
  async broadcast<M extends Method>(key: string, make: MakeCall<M>): Promise<Value<M>> {
    const [method, argument, buffers] = await make();
    await Promise.all(this.#slots.map(recovered));
    const before = this.#state.get(key);
    // Kept from now on, so that a worker that crashes after its answer gets it again.
    this.#state.set(key, make as unknown as MakeCall);
    const answers = await Promise.allSettled(
      this.#slots.map((slot, index) => {
        const last = index === this.#slots.length - 1;
        return slot.client.call(method, argument, last ? buffers : []);
      }),
    );
    const failure = answers.find((answer) => answer.status === "rejected");
    if (failure) {
      if (before) this.#state.set(key, before);
      else this.#state.delete(key);
      throw failure.reason;
    }
    return (answers[0] as PromiseFulfilledResult<Value<M>>).value;
  }

  /** Takes back a broadcast: makes the given call in every worker and forgets the key. */
  async retract<M extends Method>(key: string, method: M, argument: Argument<M>): Promise<void> {
    this.#state.delete(key);
    await Promise.all(this.#slots.map(async (slot) => {
      await recovered(slot);
      // The worker that replaces one that dies of the call never hears of the key.
      await slot.client.call(method, argument).catch(ignoreCrash);
    }));
  }

  /** Makes a call in the first worker. */
  async first<M extends Method>(method: M, argument: Argument<M>): Promise<Value<M>> {
    const slot = this.#slots[0] as Slot;
    await recovered(slot);
    return await slot.client.call(method, argument);
  }

  /**
   * Has a request answered by the next free worker. The input's buffer is moved, not copied.
   *
   * @param request The request.
   * @param signal Takes it out of the queue when aborted.
   * @param onStart Is called when a worker takes it.
   * @throws {QueueFullError} If all workers are busy and the queue is full.
   * @throws The signal's reason, if it is aborted while the request waits.
   */
  run(request: RunRequest, signal?: AbortSignal, onStart?: () => void): Promise<RunReply> {
    const { promise, resolve, reject } = Promise.withResolvers<RunReply>();
    const job: Job = { request, signal, onStart, resolve, reject };
    const slot = this.#slots.find(isFree);
    if (slot) this.#start(slot, job);
    else if (this.#queue.length >= this.#options.capacity) {
      reject(new QueueFullError(this.#options.capacity));
    } else {
      this.#queue.push(job);
      signal?.addEventListener("abort", () => this.#leave(job), { once: true });
    }
    return promise;
  }

  /**
   * Has a request answered by a worker that would be idle otherwise, as soon as there is one; so it waits
   * for as long as others keep the workers busy.
   *
   * @param request The request; its buffer is moved.
   * @param spare How many other workers must be idle at that moment.
   * @returns The answer.
   * @throws {QueueFullError} If too many wait already: under load this is what is dropped first.
   */
  runIdle(request: RunRequest, spare: number): Promise<RunReply> {
    if (this.#background.length >= MAX_BACKGROUND) {
      return Promise.reject(new QueueFullError(MAX_BACKGROUND));
    }
    const { promise, resolve, reject } = Promise.withResolvers<RunReply>();
    this.#background.push({ job: { request, signal: undefined, resolve, reject }, spare });
    this.#startBackground();
    return promise;
  }

  /** How many workers have nothing to do. */
  get idle(): number {
    return this.#slots.filter(isFree).length;
  }

  /** How many requests wait for a worker. */
  get waiting(): number {
    return this.#queue.length;
  }

  /** Number of workers. */
  get size(): number {
    return this.#slots.length;
  }

  /** Ends all workers; requests that wait or run are rejected. */
  close(): void {
    this.#closed.abort();
    for (const slot of this.#slots) slot.client.close();
    const background = this.#background.splice(0).map(({ job }) => job);
    for (const job of [...this.#queue.splice(0), ...background]) {
      job.reject(new Error("Cannot answer: server closed"));
    }
  }

  /** Makes room for others; a job that runs already is left to it. */
  #leave(job: Job): void {
    const index = this.#queue.indexOf(job);
    if (index < 0) return;
    this.#queue.splice(index, 1);
    job.reject(job.signal?.reason);
  }

  async #start(slot: Slot, job: Job): Promise<void> {
    let state: "running" | "waiting" = "running";
    const move = (to: typeof state) => {
      slot[state]--;
      slot[state = to]++;
    };
    slot.running++;
    try {
      job.signal?.throwIfAborted();
      job.onStart?.();
      const { request } = job;
      const onWait = (waiting: boolean) => {
        move(waiting ? "waiting" : "running");
        this.#feed(slot);
      };
      job.resolve(await slot.client.call("run", request, [buffer(request)], onWait));
      slot.crashes = 0;
    } catch (error) {
      job.reject(error);
    }
    slot[state]--;
    this.#feed(slot);
  }

  /** Gives a worker its next request, if it can take one. */
  #feed(slot: Slot): void {
    if (!isFree(slot)) return;
    const next = this.#queue.shift();
    if (next) this.#start(slot, next);
    else this.#startBackground();
  }

  #startBackground(): void {
    const [next] = this.#background;
    if (!next || this.idle <= next.spare) return;
    this.#background.shift();
    // The last one, because requests take the first that is free.
    this.#start(this.#slots.findLast(isFree) as Slot, next.job);
  }

  #connect(index: number): WorkerClient {
    const spawn = this.#options.spawn ?? spawnWorker;
    return new WorkerClient(spawn(), (reason) => this.#replace(index, reason));
  }

  #replace(index: number, reason: string): void {
    const slot = this.#slots[index] as Slot;
    this.#options.onCrash?.(index, reason);
    const delayMs = Math.min(MAX_RESTART_DELAY_MS, 100 * 2 ** slot.crashes++ - 100);
    slot.ready = this.#restore(slot, index, delayMs);
    this.#reopen(slot);
  }

  /** Gives a worker that has crashed its next request once it has recovered. */
  async #reopen(slot: Slot): Promise<void> {
    slot.running++;
    await slot.ready;
    slot.running--;
    this.#feed(slot);
  }

  /** A call that fails is reported; the worker still serves what the other calls set. */
  async #restore(slot: Slot, index: number, delayMs: number): Promise<void> {
    await delay(delayMs, this.#closed.signal);
    if (this.#closed.signal.aborted) return;
    const client = this.#connect(index);
    slot.client = client;
    for (const make of this.#state.values()) {
      try {
        await client.call(...await make());
      } catch (error) {
        // Reported already, and a new worker is on its way; or the pool is closed.
        if (error instanceof WorkerCrashError) return;
        this.#options.onCrash?.(index, error instanceof Error ? error.message : String(error));
      }
    }
  }
}

function isFree({ running, waiting }: Slot): boolean {
  return running === 0 && waiting < MAX_WAITING;
}

/** Waits until a worker that has crashed is replaced and holds everything again. */
async function recovered(slot: Slot): Promise<void> {
  let ready;
  do {
    ready = slot.ready;
    await ready;
  } while (ready !== slot.ready);
}

function ignoreCrash(error: unknown): void {
  if (!(error instanceof WorkerCrashError)) throw error;
}

function buffer({ input }: RunRequest): ArrayBuffer {
  const { buffer } = input.kind === "image" ? input.bytes : input.data;
  return buffer as ArrayBuffer;
}

function spawnWorker(): WorkerLike {
  return new Worker(locations.worker, { type: "module" });
}

/** Waits, or returns at once when the signal is aborted. */
function delay(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => (clearTimeout(timer), resolve()), { once: true });
  });
}
