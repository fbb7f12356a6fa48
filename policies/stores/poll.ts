/** Options of {@linkcode pollFor}. */
export interface PollOptions {
  /** Milliseconds between two looks. */
  readonly ms: number;
  /** Ends the polling. */
  readonly signal: AbortSignal;
}

/**
 * Looks at something again and again and tells when it has changed. A change counts when two looks in
 * a row see the same, so that what is being written is left alone until it is done; or when three have
 * seen a change, because what is written all the time never comes to rest.
 *
 * @param look Gives a text that differs when the thing does; what it throws counts as one.
 * @param changed Is told.
 * @param options How often, and until when.
 */
export function pollFor(
  look: () => Promise<string>,
  changed: () => void,
  { ms, signal }: PollOptions,
): void {
  let known: string | undefined;
  let before: string | undefined;
  let restless = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const turn = async () => {
    const seen = await look().catch(String);
    if (signal.aborted) return;
    known ??= seen;
    restless = seen === known ? 0 : restless + 1;
    if (restless === 3 || (restless > 0 && seen === before)) {
      restless = 0;
      known = seen;
      changed();
    }
    before = seen;
    timer = setTimeout(turn, ms);
  };
  signal.addEventListener("abort", () => clearTimeout(timer), { once: true });
  turn();
}
