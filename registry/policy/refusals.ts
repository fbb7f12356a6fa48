/** Why documents are not in use, by what they are; the one that matters now is the last. */
export class Refusals {
  readonly #messages = new Map<string, string>();

  /** The one that matters now. */
  get latest(): string | undefined {
    return [...this.#messages.values()].at(-1);
  }

  /**
   * Notes a refusal.
   *
   * @param key What was refused.
   * @param message Why.
   * @returns Whether it is news.
   */
  note(key: string, message: string): boolean {
    if (this.#messages.get(key) === message) return false;
    this.#messages.set(key, message);
    return true;
  }

  /** Whether something was refused before, which then matters again; nobody is told twice. */
  again(key: string): boolean {
    const message = this.#messages.get(key);
    if (message === undefined) return false;
    this.#messages.delete(key);
    this.#messages.set(key, message);
    return true;
  }

  /** Forgets one. */
  delete(key: string): void {
    this.#messages.delete(key);
  }

  /** Forgets all. */
  clear(): void {
    this.#messages.clear();
  }
}
