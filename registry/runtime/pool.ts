import { QueueFullError } from "../base/errors.ts";
import { locations } from "../base/locations.ts";
import { WorkerCrashError, type WorkerLike } from "./client.ts";
import type { Argument, Method, Value } from "./messages.ts";
import type { RunReply, RunRequest } from "./requests.ts";
import { type Job, type MakeCall, Slot } from "./slot.ts";

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

/** Each holds an input, which may be large. */
const MAX_BACKGROUND = 16;

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
  /** What every worker has been told, for those that come later. */
  readonly #broadcasts = new Map<string, MakeCall>();

  /** Starts the workers. */
  constructor(options: WorkerPoolOptions) {
    this.#options = options;
    this.#slots = Array.from({ length: options.size }, (_, index) => this.#open(index));
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
    await Promise.all(this.#slots.map((slot) => slot.recovered()));
    const before = this.#broadcasts.get(key);
    // Kept from now on, so that a worker that crashes after its answer gets it again.
    this.#broadcasts.set(key, make as unknown as MakeCall);
    const answers = await Promise.allSettled(
      this.#slots.map((slot, index) => {
        const last = index === this.#slots.length - 1;
        return slot.call(method, argument, last ? buffers : []);
      }),
    );
    const failure = answers.find((answer) => answer.status === "rejected");
    if (failure) {
      if (before) this.#broadcasts.set(key, before);
      else this.#broadcasts.delete(key);
      throw failure.reason;
    }
    return (answers[0] as PromiseFulfilledResult<Value<M>>).value;
  }

  /** Takes back a broadcast: makes the given call in every worker and forgets the key. */
  async retract<M extends Method>(key: string, method: M, argument: Argument<M>): Promise<void> {
    this.#broadcasts.delete(key);
    await Promise.all(this.#slots.map(async (slot) => {
      await slot.recovered();
      // The worker that replaces one that dies of the call never hears of the key.
      await slot.call(method, argument).catch(ignoreCrash);
    }));
  }

  /** Makes a call in the first worker. */
  async first<M extends Method>(method: M, argument: Argument<M>): Promise<Value<M>> {
    const slot = this.#slots[0] as Slot;
    await slot.recovered();
    return await slot.call(method, argument);
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
    if (slot) slot.start(job);
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
    for (const slot of this.#slots) slot.close();
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

  /** Gives a worker that is free its next request. */
  #feed(slot: Slot): void {
    const next = this.#queue.shift();
    if (next) slot.start(next);
    else this.#startBackground();
  }

  #startBackground(): void {
    const [next] = this.#background;
    if (!next || this.idle <= next.spare) return;
    this.#background.shift();
    // The last one, because requests take the first that is free.
    (this.#slots.findLast(isFree) as Slot).start(next.job);
  }

  #open(index: number): Slot {
    const { spawn = spawnWorker, onCrash } = this.#options;
    const slot: Slot = new Slot({
      spawn,
      broadcasts: this.#broadcasts,
      onCrash: (reason) => onCrash?.(index, reason),
      onFree: () => this.#feed(slot),
    });
    return slot;
  }
}

function isFree(slot: Slot): boolean {
  return slot.isFree;
}

function ignoreCrash(error: unknown): void {
  if (!(error instanceof WorkerCrashError)) throw error;
}

function spawnWorker(): WorkerLike {
  return new Worker(locations.worker, { type: "module" });
}
