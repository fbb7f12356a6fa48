/** Options of {@linkcode withDeadline}. */
export interface DeadlineOptions {
  /** Milliseconds that the task may take. */
  readonly ms: number;
  /** What the error says when it takes longer. */
  readonly message: string;
  /** Ends the task earlier, with its own reason. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Waits for a task, but no longer than it may take.
 *
 * @param options See {@linkcode DeadlineOptions}.
 * @param task Gets a signal, on which it must free what it holds; nobody waits for that.
 * @returns What the task gives.
 * @throws {Error} If it takes longer, or as the task does.
 */
export async function withDeadline<T>(
  { ms, message, signal: outer }: DeadlineOptions,
  task: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const { promise: ended, reject } = Promise.withResolvers<never>();
  const end = (reason: unknown) => {
    controller.abort(reason);
    reject(reason);
  };
  const onOuter = () => end(outer?.reason);
  const timer = setTimeout(() => end(new Error(message)), ms);
  outer?.addEventListener("abort", onOuter);
  try {
    outer?.throwIfAborted();
    return await Promise.race([ended, task(controller.signal)]);
  } finally {
    clearTimeout(timer);
    outer?.removeEventListener("abort", onOuter);
  }
}
