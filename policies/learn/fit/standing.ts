import { leastBy } from "./stage_fit.ts";
import { sum } from "./reduction/tune.ts";

/** How a family compares with the best. */
export interface Standing {
  /**
   * Mean objective cost + λ · loss on the validation rows, averaged over prices and relative to
   * always exiting at the best state; low is good.
   */
  readonly score: number;
  /** By how much the score is above the best one's. */
  readonly behind: number;
  /** Paired standard error of that. */
  readonly standardError: number;
}

/**
 * Compares objectives per row with the one of the least sum.
 *
 * @param objectives One array per candidate, of one length.
 * @returns How each stands.
 */
export function rank(objectives: readonly Float64Array[]): Standing[] {
  const best = leastBy(objectives, sum);
  return objectives.map((objective) => {
    const differences = objective.map((value, row) => value - best[row]!);
    const n = differences.length;
    const behind = sum(differences) / n;
    const variance = sum(differences.map((value) => (value - behind) ** 2)) / Math.max(1, n - 1);
    return { score: sum(objective) / n, behind, standardError: Math.sqrt(variance / n) };
  });
}

/**
 * Finds the first candidate that is within one paired standard error of the best.
 *
 * @param objectives One array per candidate, of one length, the simplest candidate first.
 * @returns Its index.
 */
export function simplestOf(objectives: readonly Float64Array[]): number {
  return rank(objectives).findIndex(({ behind, standardError }) => behind <= standardError);
}
