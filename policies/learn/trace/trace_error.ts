/** Where in a trace something is wrong. */
export interface TracePlace {
  /** Name of the array, such as `logits.small`; none if it is the file. */
  readonly array?: string | undefined;
  /** Row of the array, from 0. */
  readonly row?: number | undefined;
}

/** A trace that cannot be used; nothing was learned or written. */
export class TraceError extends Error {
  /** What is wrong: the value and what was expected. */
  readonly reason: string;
  /** Name of the array at fault; none if it is the file. */
  readonly array: string | undefined;
  /** Row at fault, from 0. */
  readonly row: number | undefined;

  /** Describes what is wrong, and where. */
  constructor(reason: string, place: TracePlace = {}, source = "trace", options?: ErrorOptions) {
    const { array, row } = place;
    const at = [array, row === undefined ? undefined : `row ${row}`].filter((part) => part);
    super(`Cannot use ${source}: ${[at.join(", "), reason].filter(Boolean).join(": ")}`, options);
    this.name = "TraceError";
    this.reason = reason;
    this.array = array;
    this.row = row;
  }
}

/**
 * Runs something and names the trace in whatever {@linkcode TraceError} it throws.
 *
 * @param source What the trace is called.
 * @param run What is run.
 * @returns What that returns.
 * @throws {TraceError} If it throws one; whatever else it throws stays as it is.
 */
export function withSource<T>(source: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof TraceError)) throw error;
    throw new TraceError(error.reason, error, source, { cause: error });
  }
}
