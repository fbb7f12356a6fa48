import { DEFAULT_POLICY_MS } from "./fit.ts";
import type { Trace } from "../trace/types.ts";

/** Milliseconds that one more class adds to a decision. */
const PER_CLASS = 0.0001;

/** Classes that {@linkcode DEFAULT_POLICY_MS} covers. */
const COVERED = 20;

/**
 * Milliseconds counted for a decision where none are given: a fixed allowance, so that the same seed
 * learns the same policy. A report states beside it what was measured.
 *
 * @param trace The trace, for its classes.
 * @returns Milliseconds.
 */
export function policyMsOf({ classes }: Pick<Trace, "classes">): number {
  return DEFAULT_POLICY_MS + PER_CLASS * Math.max(0, classes - COVERED);
}
