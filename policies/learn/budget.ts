import { percent } from "./stats/numbers.ts";

/** The loss that is allowed where nothing is asked for. */
export const DEFAULT_MAX_LOSS = 0.01;

/** What a policy may cost or lose. */
export interface Budget {
  /** Largest loss, in [0, 1). */
  readonly maxLoss?: number | undefined;
  /** Largest mean cost, milliseconds. */
  readonly maxCost?: number | undefined;
  /** Least speedup over the full model alone. */
  readonly speedup?: number | undefined;
  /** Price of one unit of loss, milliseconds. */
  readonly lambda?: number | undefined;
}

/**
 * Checks that the parts of a budget go together.
 *
 * @param budget The budget.
 * @throws {RangeError} If it has a price as well as limits.
 */
export function checkBudget({ lambda, maxLoss, maxCost, speedup }: Budget): void {
  const limits = [maxLoss, maxCost, speedup].some((limit) => limit !== undefined);
  if (lambda === undefined || !limits) return;
  throw new RangeError(
    "Cannot use --lambda with --max-loss, --max-cost or --speedup: expected a price or limits",
  );
}

/**
 * Says a budget in words.
 *
 * @param budget The budget.
 * @returns Such as `loss ≤ 1%, cost ≤ 2 ms`; empty if nothing is asked for.
 */
export function sayBudget({ maxLoss, maxCost, speedup, lambda }: Budget): string {
  return [
    maxLoss === undefined ? "" : `loss ≤ ${percent(maxLoss)}`,
    maxCost === undefined ? "" : `cost ≤ ${maxCost} ms`,
    speedup === undefined ? "" : `speedup ≥ ${speedup}`,
    lambda === undefined ? "" : `${lambda} ms per unit of loss`,
  ].filter((part) => part !== "").join(", ");
}

/**
 * What a budget lets the active point cost on average.
 *
 * @param budget The budget.
 * @param fullCost Milliseconds of the full model alone.
 * @returns Milliseconds; `Infinity` where the cost is not limited.
 */
export function costLimit({ maxCost = Infinity, speedup }: Budget, fullCost: number): number {
  return Math.min(maxCost, speedup === undefined ? Infinity : fullCost / speedup);
}
