import type { Trace } from "../trace/types.ts";

/** Milliseconds of a decision over few classes; a linear score over ten takes less. */
const LEAST_MS = 0.01;

/** Milliseconds that one more class adds to a decision. */
const PER_CLASS_MS = 0.0001;

/** Classes that {@linkcode LEAST_MS} covers. */
const COVERED = 20;

/**
 * Milliseconds counted for a decision where none are given: a fixed allowance, so that the same seed
 * learns the same policy. A report states beside it what was measured.
 *
 * @param trace The trace, for its classes.
 * @returns Milliseconds.
 */
export function policyMsOf({ classes }: Pick<Trace, "classes">): number {
  return LEAST_MS + PER_CLASS_MS * Math.max(0, classes - COVERED);
}
