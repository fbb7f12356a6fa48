/**
 * Stands in for `jsr:@std/testing/time` where JSR cannot be reached: the same names, order of parameters
 * and meaning, and only what the tests use. `jsr.json` beside it leads to the original.
 *
 * @module
 */

/** Time cannot be faked now, or is no longer. */
export class TimeError extends Error {
  override readonly name = "TimeError";
}

/** A timer that is set. */
interface Timer {
  readonly id: number;
  readonly due: number;
  /** Milliseconds until it goes off again; undefined if it goes off once. */
  readonly every: number | undefined;
  readonly run: () => void;
}

type Callback = (...args: unknown[]) => void;

const real = {
  Date,
  setTimeout,
  clearTimeout,
  setInterval,
  clearInterval,
};

let faked: FakeTime | undefined;

/**
 * Dates and timers that only move when they are told to, until it is disposed of. `performance.now()` is
 * left alone, as the original does; of the original's fakes `AbortSignal.timeout` is not among these.
 */
export class FakeTime {
  /** When it began, milliseconds since the epoch. */
  readonly start: number;
  readonly #timers = new Map<number, Timer>();
  #now: number;
  #lastId = 0;

  /**
   * Takes the place of `Date` and of the timers.
   *
   * @param start The time at which it begins.
   * @throws {TimeError} If time is faked already.
   * @throws {TypeError} If the start is no time.
   */
  constructor(start: number | string | Date | null = null) {
    if (faked) throw new TimeError("Cannot construct FakeTime: time is already faked");
    this.start = start === null ? real.Date.now() : new real.Date(start).valueOf();
    if (Number.isNaN(this.start)) {
      throw new TypeError(`Cannot construct FakeTime: invalid start time ${this.start}`);
    }
    this.#now = this.start;
    faked = this;
    Object.assign(globalThis, this.#fakes());
  }

  /** Milliseconds since the epoch. Setting it lets timers go off that are due by then. */
  get now(): number {
    return this.#now;
  }
  set now(value: number) {
    if (value < this.#now) {
      throw new RangeError(
        `Cannot set current time in the past, time must be >= ${this.#now}: received ${value}`,
      );
    }
    for (let timer = this.#next(); timer && timer.due <= value; timer = this.#next()) {
      this.#now = timer.due;
      this.#timers.delete(timer.id);
      const { every } = timer;
      if (every !== undefined) this.#timers.set(timer.id, { ...timer, due: timer.due + every });
      timer.run();
    }
    this.#now = value;
  }

  /** Lets so many milliseconds pass, and timers go off that are due by then. */
  tick(ms = 0): void {
    this.now += ms;
  }

  /** Goes to the time at which the next timer is due and lets it go off; false if there is none. */
  next(): boolean {
    const timer = this.#next();
    if (timer) this.now = timer.due;
    return timer !== undefined;
  }

  /** Lets everything go on that waits for promises only, then does as {@linkcode FakeTime.next}. */
  async nextAsync(): Promise<boolean> {
    await this.runMicrotasks();
    return this.next();
  }

  /** Lets everything go on that waits for promises only. */
  async runMicrotasks(): Promise<void> {
    const { setTimeout } = real;
    await new Promise((go) => setTimeout(go, 0));
  }

  /**
   * Puts dates and timers back.
   *
   * @throws {TimeError} If they are back already.
   */
  restore(): void {
    if (faked !== this) throw new TimeError("Cannot restore time: time is already restored");
    faked = undefined;
    Object.assign(globalThis, real);
  }

  /** The same as {@linkcode FakeTime.restore}. */
  [Symbol.dispose](): void {
    this.restore();
  }

  /** The timer that is due first; of several the one that was set first. */
  #next(): Timer | undefined {
    return [...this.#timers.values()].toSorted((one, other) => one.due - other.due)[0];
  }

  #set(callback: Callback, ms: number, args: unknown[], every?: number): number {
    const id = ++this.#lastId;
    const due = this.#now + Math.max(0, Math.floor(ms));
    this.#timers.set(id, { id, due, every, run: () => callback(...args) });
    return id;
  }

  #fakes(): Record<string, unknown> {
    const now = () => this.#now;
    const clear = (id?: number) => void this.#timers.delete(id ?? NaN);
    return {
      Date: new Proxy(real.Date, {
        construct: (target, args) => Reflect.construct(target, args.length > 0 ? args : [now()]),
        apply: () => new real.Date(now()).toString(),
        get: (target, key) => key === "now" ? now : Reflect.get(target, key),
      }),
      setTimeout: (callback: Callback, ms = 0, ...args: unknown[]) => this.#set(callback, ms, args),
      setInterval: (callback: Callback, ms = 0, ...args: unknown[]) => {
        const every = Math.max(1, Math.floor(ms));
        return this.#set(callback, every, args, every);
      },
      clearTimeout: clear,
      clearInterval: clear,
    };
  }
}
