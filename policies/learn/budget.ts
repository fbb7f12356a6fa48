import { percent } from "./stats/numbers.ts";

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

/** Says a budget in words, such as `loss ≤ 1%`. */
export function sayBudget({ maxLoss, maxCost, speedup, lambda }: Budget): string {
  return [
    maxLoss === undefined ? "" : `loss ≤ ${percent(maxLoss)}`,
    maxCost === undefined ? "" : `cost ≤ ${maxCost} ms`,
    speedup === undefined ? "" : `speedup ≥ ${speedup}`,
    lambda === undefined ? "" : `${lambda} ms per unit of loss`,
  ].filter((part) => part !== "").join(", ");
}
