import type { TopClasses } from "../../policies/mod.ts";

/** An answer that a label may still come for. */
export class LoggedAnswer {
  /** The policy that made it. */
  readonly policy: string;
  /** Top classes of the answer. */
  readonly answer: TopClasses;
  #full: TopClasses | undefined;
  #label: number | undefined;

  /**
   * Nothing is known of it yet.
   *
   * @param policy The policy that made it.
   * @param answer Its top classes.
   */
  constructor(policy: string, answer: TopClasses) {
    this.policy = policy;
    this.answer = answer;
  }

  /** Top classes of the full model's answer, once known. */
  get full(): TopClasses | undefined {
    return this.#full;
  }

  /** Index of the true class, once known. */
  get label(): number | undefined {
    return this.#label;
  }

  /** Takes note of the full model's answer. */
  compareWith(full: TopClasses): void {
    this.#full = full;
  }

  /** Takes note of the true class. */
  labelAs(label: number): void {
    this.#label = label;
  }
}

/** Options of {@linkcode AnswerLog}. */
export interface AnswerLogOptions {
  /** Most inputs that are remembered; a batch has several. */
  readonly capacity: number;
  /** Milliseconds for which a request is remembered. */
  readonly ms: number;
}

/** The answers of the latest requests by the request's id, for a bounded time. */
export class AnswerLog {
  readonly #options: AnswerLogOptions;
  readonly #requests = new Map<
    string,
    { readonly items: readonly LoggedAnswer[]; readonly at: number }
  >();
  #inputs = 0;

  /** An empty log. */
  constructor(options: AnswerLogOptions) {
    this.#options = options;
  }

  /** How many requests are remembered. */
  get size(): number {
    return this.#requests.size;
  }

  /**
   * Remembers a request. The same id again takes the place of the former.
   *
   * @param id Id of the request.
   * @param items Its answers, in order.
   * @param now Milliseconds of a steady clock.
   */
  add(id: string, items: readonly LoggedAnswer[], now: number): void {
    this.#forget(id);
    this.#requests.set(id, { items, at: now });
    this.#inputs += items.length;
    const { capacity, ms } = this.#options;
    for (const [oldest, { at }] of this.#requests) {
      if (this.#inputs <= capacity && now - at <= ms) break;
      this.#forget(oldest);
    }
  }

  /**
   * Finds a request.
   *
   * @param id Its id.
   * @param now Milliseconds of the same clock.
   * @returns Its answers, or nothing if it is not known or was too long ago.
   */
  get(id: string, now: number): readonly LoggedAnswer[] | undefined {
    const found = this.#requests.get(id);
    return found && now - found.at <= this.#options.ms ? found.items : undefined;
  }

  #forget(id: string): void {
    this.#inputs -= this.#requests.get(id)?.items.length ?? 0;
    this.#requests.delete(id);
  }
}
