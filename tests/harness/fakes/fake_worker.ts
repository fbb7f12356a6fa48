import {
  type Call,
  encodeError,
  type Method,
  type Progress,
  type Reply,
  type RunRequest,
  type WorkerLike,
  WorkerPool,
} from "../../../registry/runtime/mod.ts";

/** Methods that are answered as soon as they are called, and what with. */
export type Answers = Partial<Record<Method, (argument: unknown) => unknown>>;

/** A worker for tests: it notes its calls and replies when it is told to. */
export class FakeWorker implements WorkerLike {
  onmessage: ((event: MessageEvent) => void) | null = null;
  onerror: ((event: ErrorEvent) => void) | null = null;
  /** Calls without a reply so far, as they arrived. */
  readonly open: Call[] = [];
  /** Method and argument of every call, runs by the name of their pair. */
  readonly log: string[] = [];
  /** Whether the worker was ended. */
  terminated = false;
  readonly #auto: Answers;

  constructor(auto: Answers = {}) {
    this.#auto = auto;
  }

  postMessage(call: Call, transfer: Transferable[]): void {
    const received = structuredClone(call, { transfer });
    const { method, argument } = received;
    const shown = method === "run" ? (argument as RunRequest).pair : argument;
    this.log.push(`${method} ${typeof shown === "string" ? shown : JSON.stringify(shown)}`);
    this.open.push(received);
    const answer = this.#auto[method];
    if (!answer) return;
    queueMicrotask(() => {
      if (!this.open.includes(received)) return;
      try {
        this.reply(answer(argument), received);
      } catch (error) {
        this.fail(error, received);
      }
    });
  }

  terminate(): void {
    this.terminated = true;
  }

  /** Answers a call, the oldest open one unless told otherwise. */
  reply(value: unknown, call: Call | undefined = this.open[0]): void {
    this.#send({ id: this.#take(call), ok: true, value });
  }

  /** Answers a call with an error. */
  fail(error: unknown, call: Call | undefined = this.open[0]): void {
    this.#send({ id: this.#take(call), ok: false, error: encodeError(error) });
  }

  /** Tells of a call that it waits from now on, or does so no longer. */
  wait(waiting: boolean, call: Call | undefined = this.open[0]): void {
    if (!call) throw new Error("Cannot wait: there is no open call");
    this.#send({ id: call.id, waiting });
  }

  /** The open call that runs a pair. */
  callOf(pair: string): Call | undefined {
    return this.open.find(({ argument }) => (argument as RunRequest).pair === pair);
  }

  /** Dies of an error that nobody caught; gives the event. */
  crash(message: string): ErrorEvent {
    this.open.length = 0;
    const event = new ErrorEvent("error", { message, cancelable: true });
    this.onerror?.(event);
    return event;
  }

  #take(call: Call | undefined): number {
    if (!call) throw new Error("Cannot reply: there is no open call");
    this.open.splice(this.open.indexOf(call), 1);
    return call.id;
  }

  #send(message: Reply | Progress): void {
    this.onmessage?.(new MessageEvent("message", { data: structuredClone(message) }));
  }
}

/** A request of a pair by which it can be told from others. */
export function requestOf(pair: string): RunRequest {
  const input = { kind: "tensor", data: Float32Array.of(1), count: 1 } as const;
  return { pair, policy: { always: "a" }, input };
}

/** A pool of fake workers and what became of it; closed when disposed of. */
export interface FakePool extends Disposable {
  readonly pool: WorkerPool;
  /** The workers in the order in which they were started. */
  readonly workers: readonly FakeWorker[];
  /** What the pool told of crashes. */
  readonly reports: readonly string[];
}

/** What a test may set of a {@linkcode FakePool}. */
export interface FakePoolOptions {
  readonly size?: number;
  readonly capacity?: number;
  readonly auto?: Answers;
}

/** Makes a {@linkcode FakePool}. */
export function startFakePool(
  { size = 1, capacity = 10, auto = {} }: FakePoolOptions = {},
): FakePool {
  const workers: FakeWorker[] = [];
  const reports: string[] = [];
  const pool = new WorkerPool({
    size,
    capacity,
    spawn: () => {
      const worker = new FakeWorker(auto);
      workers.push(worker);
      return worker;
    },
    onCrash: (worker, reason) => reports.push(`${worker}: ${reason}`),
  });
  return { pool, workers, reports, [Symbol.dispose]: () => pool.close() };
}
