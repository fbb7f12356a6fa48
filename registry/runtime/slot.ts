import { WorkerClient, WorkerCrashError, type WorkerLike } from "./client.ts";
import type { Argument, Method, Value } from "./messages.ts";
import type { RunReply, RunRequest } from "./requests.ts";

/** A request, and who waits for its answer. */
export interface Job {
  /** The request. */
  readonly request: RunRequest;
  /** Keeps it from being run if it is aborted before. */
  readonly signal?: AbortSignal | undefined;
  /** Is called when a worker takes it. */
  readonly onStart?: (() => void) | undefined;
  /** Takes the answer. */
  resolve(reply: RunReply): void;
  /** Takes the error in its place. */
  reject(error: unknown): void;
}

/**
 * Makes a call that every worker must get; called again for a worker that replaces a crashed one.
 * The buffers that are given with it are moved to the last worker, not copied.
 */
export type MakeCall<M extends Method = Method> = () => Promise<
  readonly [method: M, argument: Argument<M>, buffers?: ArrayBuffer[]]
>;

/** Options of {@linkcode Slot}. */
export interface SlotOptions {
  /** Makes a worker. */
  readonly spawn: () => WorkerLike;
  /** What a worker gets before its first request that takes the place of another. */
  readonly broadcasts: ReadonlyMap<string, MakeCall>;
  /** Is told of a crash, and of a broadcast that fails for the next worker. */
  readonly onCrash: (reason: string) => void;
  /** Is told whenever it can take a request after it has done something. */
  readonly onFree: () => void;
}

/** Each holds its input and what has been computed of it. */
const MAX_WAITING = 32;

const MAX_RESTART_DELAY_MS = 30_000;

/** One worker at a time, and what it has to do; one that crashes is replaced, ever later if none answers. */
export class Slot {
  readonly #options: SlotOptions;
  readonly #closed = new AbortController();
  #client: WorkerClient;
  /** How many requests it runs; a restart counts as one. */
  #running = 0;
  /** How many of its requests wait for a model elsewhere, and leave the worker to others. */
  #waiting = 0;
  /** Settles when the worker has everything that was broadcast. */
  #ready: Promise<void> = Promise.resolve();
  /** Crashes since the last answer. */
  #crashes = 0;

  /** Starts a worker. */
  constructor(options: SlotOptions) {
    this.#options = options;
    this.#client = this.#connect();
  }

  /** Whether it can take a request: none of its own computes, and not too many wait. */
  get isFree(): boolean {
    return this.#running === 0 && this.#waiting < MAX_WAITING;
  }

  /** Runs a request, free or not. The input's buffer is moved, not copied. */
  async start(job: Job): Promise<void> {
    let waits = false;
    this.#running++;
    try {
      job.signal?.throwIfAborted();
      job.onStart?.();
      const { request } = job;
      const onWait = (waiting: boolean) => {
        this.#leave(waits);
        waits = waiting;
        if (waits) this.#waiting++;
        else this.#running++;
        this.#offer();
      };
      job.resolve(await this.#client.call("run", request, [buffer(request)], onWait));
      this.#crashes = 0;
    } catch (error) {
      job.reject(error);
    }
    this.#leave(waits);
    this.#offer();
  }

  /** Calls the worker that there is, whatever else it does. */
  call<M extends Method>(
    method: M,
    argument: Argument<M>,
    buffers?: ArrayBuffer[],
  ): Promise<Value<M>> {
    return this.#client.call(method, argument, buffers);
  }

  /** Waits until a worker that has crashed is replaced and has everything again. */
  async recovered(): Promise<void> {
    let ready;
    do {
      ready = this.#ready;
      await ready;
    } while (ready !== this.#ready);
  }

  /** Ends the worker and starts none any longer; what it runs is rejected. */
  close(): void {
    this.#closed.abort();
    this.#client.close();
  }

  #leave(waits: boolean): void {
    if (waits) this.#waiting--;
    else this.#running--;
  }

  #offer(): void {
    if (this.isFree) this.#options.onFree();
  }

  #connect(): WorkerClient {
    return new WorkerClient(this.#options.spawn(), (reason) => this.#replace(reason));
  }

  #replace(reason: string): void {
    this.#options.onCrash(reason);
    const delayMs = Math.min(MAX_RESTART_DELAY_MS, 100 * 2 ** this.#crashes++ - 100);
    this.#ready = this.#restore(delayMs);
    this.#reopen();
  }

  /** Takes requests again once the worker has recovered. */
  async #reopen(): Promise<void> {
    this.#running++;
    await this.#ready;
    this.#running--;
    this.#offer();
  }

  /** A call that fails is reported; the worker still serves what the other calls set. */
  async #restore(delayMs: number): Promise<void> {
    await delay(delayMs, this.#closed.signal);
    if (this.#closed.signal.aborted) return;
    const client = this.#connect();
    this.#client = client;
    for (const make of this.#options.broadcasts.values()) {
      try {
        await client.call(...await make());
      } catch (error) {
        // Reported already, and a new worker is on its way; or the slot is closed.
        if (error instanceof WorkerCrashError) return;
        this.#options.onCrash(error instanceof Error ? error.message : String(error));
      }
    }
  }
}

function buffer({ input }: RunRequest): ArrayBuffer {
  const { buffer } = input.kind === "image" ? input.bytes : input.data;
  return buffer as ArrayBuffer;
}

/** Waits, or returns at once when the signal is aborted. */
function delay(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => (clearTimeout(timer), resolve()), { once: true });
  });
}
