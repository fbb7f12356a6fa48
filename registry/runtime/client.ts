import {
  type Argument,
  type Call,
  decodeError,
  type Method,
  type Progress,
  type Reply,
  type Value,
} from "./messages.ts";

/** The part of `Worker` that is needed. */
export interface WorkerLike {
  /** Sends a call. */
  postMessage(call: Call, transfer: Transferable[]): void;
  /** Ends the worker at once. */
  terminate(): void;
  /** Receives replies. */
  onmessage: ((event: MessageEvent) => void) | null;
  /** Is told when the worker dies of an error that nobody caught. */
  onerror: ((event: ErrorEvent) => void) | null;
}

/** A worker died while it ran a request. */
export class WorkerCrashError extends Error {
  /** Tells what the worker died of. */
  constructor(reason: string) {
    super(`Cannot finish the request: its worker crashed (${reason})`);
    this.name = "WorkerCrashError";
  }
}

interface Pending {
  resolve(value: unknown): void;
  reject(error: Error): void;
  readonly onWait?: ((waiting: boolean) => void) | undefined;
}

/** Calls the engine in one worker. */
export class WorkerClient {
  readonly #worker: WorkerLike;
  readonly #pending = new Map<number, Pending>();
  #nextId = 0;
  #closed: string | undefined;

  /**
   * Takes over a worker.
   *
   * @param worker A fresh worker.
   * @param onCrash Called once if the worker dies; all its calls have been rejected by then.
   */
  constructor(worker: WorkerLike, onCrash: (reason: string) => void) {
    this.#worker = worker;
    worker.onmessage = ({ data }: MessageEvent<Reply | Progress>) => {
      const pending = this.#pending.get(data.id);
      if ("waiting" in data) return pending?.onWait?.(data.waiting);
      this.#pending.delete(data.id);
      if (data.ok) pending?.resolve(data.value);
      else pending?.reject(decodeError(data.error));
    };
    worker.onerror = (event) => {
      // Otherwise the error would end the server as well.
      event.preventDefault();
      this.close(event.message);
      onCrash(event.message);
    };
  }

  /**
   * Calls a method.
   *
   * @param method The method.
   * @param argument What it takes.
   * @param transfer Buffers that are moved, not copied.
   * @param onWait Is told when the call begins to wait for a model elsewhere, and when that is over.
   * @returns What the method gives.
   */
  call<M extends Method>(
    method: M,
    argument: Argument<M>,
    transfer: Transferable[] = [],
    onWait?: (waiting: boolean) => void,
  ): Promise<Value<M>> {
    if (this.#closed !== undefined) return Promise.reject(new WorkerCrashError(this.#closed));
    const id = this.#nextId++;
    return new Promise<unknown>((resolve, reject) => {
      // First, since it throws at what cannot be sent.
      this.#worker.postMessage({ id, method, argument }, transfer);
      this.#pending.set(id, { resolve, reject, onWait });
    }) as Promise<Value<M>>;
  }

  /** Ends the worker; calls that are under way are rejected with a {@linkcode WorkerCrashError}. */
  close(reason = "closed"): void {
    this.#closed = reason;
    this.#worker.onmessage = null;
    this.#worker.onerror = null;
    this.#worker.terminate();
    for (const { reject } of this.#pending.values()) reject(new WorkerCrashError(reason));
    this.#pending.clear();
  }
}
