/** Knows how many requests run. */
export class RunningRequests {
  #count = 0;
  #idle = Promise.withResolvers<void>();

  /** None runs. */
  constructor() {
    this.#idle.resolve();
  }

  /** Runs a handler and counts it until it has answered. */
  async run<T>(handler: () => T | Promise<T>): Promise<T> {
    if (this.#count++ === 0) this.#idle = Promise.withResolvers();
    try {
      return await handler();
    } finally {
      if (--this.#count === 0) this.#idle.resolve();
    }
  }

  /** Resolves at the next moment at which none runs. */
  idle(): Promise<void> {
    return this.#idle.promise;
  }
}
