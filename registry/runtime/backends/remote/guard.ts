import {
  circuitBreaker,
  CircuitState,
  ConsecutiveBreaker,
  ConstantBackoff,
  ExponentialBackoff,
  halfJitterGenerator,
  handleWhen,
  retry,
} from "cockatiel";
import { RemoteError } from "./remote_error.ts";

/** Failures in a row after which nothing is sent for a while. */
const FAILURES = 3;

/** Milliseconds until one request tries again; twice as many after every try that fails. */
const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 10_000;

/** Milliseconds before the one retry of what was not sent. */
const RETRY_MS = 50;

/**
 * Keeps requests from a server that is in trouble. After three failures in a row requests fail at once;
 * then, after up to a second, or longer the longer the trouble lasts, one is let through: if it is
 * answered, all are again. What has not reached the server is tried once more.
 */
export class Guard {
  readonly #breaker = circuitBreaker(
    handleWhen((error) => error instanceof RemoteError && error.failure !== "refused"),
    {
      breaker: new ConsecutiveBreaker(FAILURES),
      halfOpenAfter: new ExponentialBackoff({
        initialDelay: FIRST_PAUSE_MS,
        maxDelay: LONGEST_PAUSE_MS,
        generator: halfJitterGenerator,
      }),
    },
  );
  readonly #retry = retry(
    handleWhen((error) => error instanceof RemoteError && error.failure === "not sent"),
    { maxAttempts: 1, backoff: new ConstantBackoff(RETRY_MS) },
  );
  #latest = "";

  /**
   * Does what asks the server.
   *
   * @param task Asks it.
   * @returns What the task gives.
   * @throws {RemoteError} If the task does, or nothing is sent because of earlier failures.
   */
  async run<T>(task: () => Promise<T>): Promise<T> {
    const { state } = this.#breaker;
    // The library has others wait for the one that tries again.
    if (state === CircuitState.HalfOpen) throw this.#paused();
    try {
      return await this.#breaker.execute(() => this.#retry.execute(task));
    } catch (error) {
      if (!(error instanceof RemoteError)) throw this.#paused();
      this.#latest = error.message;
      throw error;
    }
  }

  #paused(): RemoteError {
    return new RemoteError(`not asked after failures, the latest: ${this.#latest}`);
  }
}
