import type { z } from "zod";
import { show } from "./base/errors.ts";

/** `exit`, or the name of a next node. */
export type Action = string;

/** A member of a decider and where in it the member stands. */
export interface Located {
  /** The member's value. */
  readonly value: string;
  /** Names and indices that lead from the decider to it. */
  readonly at: readonly PropertyKey[];
}

/** What an operating point sets at one node. */
export interface Thresholds {
  /**
   * One fewer than the decider's actions. For a threshold decider in the unit of its feature,
   * descending for `at_least`, ascending for `at_most`; for the others in the unit of the scores.
   */
  readonly thresholds: readonly number[];
}

/** What is wrong with thresholds and where. */
export interface Misfit {
  /** Names and indices that lead from the thresholds to the offending member. */
  readonly at: readonly PropertyKey[];
  /** The value and what was expected. */
  readonly reason: string;
}

/** Scores one action by the features of a state. */
export type Score = (features: Float64Array) => number;

/** What binding, compiling and learning need to know of a decider, whatever its class. */
export interface DeciderView {
  /** The features that it reads. */
  readonly features: readonly Located[];
  /** The actions among which it chooses. */
  readonly actions: readonly Located[];
  /** The scores of all actions but the last; finite for finite features. */
  readonly scores: readonly Score[];
  /** 1 where a score must be at least its threshold to take the action, −1 where at most. */
  readonly sign: 1 | -1;
  /** Whether all scores are the same, so that an action's threshold may not be looser than the one before. */
  readonly ordered: boolean;
}

/** A class of deciders: one way to score actions. */
export interface DeciderClass<D> {
  /** Checks a decider of the class, whose member `class` has one value. */
  readonly schema: z.ZodType<D> & z.core.$ZodTypeDiscriminable;
  /**
   * Looks at a decider of the class.
   *
   * @param decider The decider.
   * @returns What the other modules need to know of it.
   */
  view(decider: D): DeciderView;
}

/**
 * Finds what keeps a point's thresholds from fitting a decider.
 *
 * @param view The decider.
 * @param thresholds What the point sets.
 * @returns What is wrong, or `undefined` if it fits.
 */
export function findMisfit(
  { actions, sign, ordered }: DeciderView,
  { thresholds }: Thresholds,
): Misfit | undefined {
  const at = ["thresholds"];
  if (thresholds.length !== actions.length - 1) {
    const reason = `expected one fewer than the ${actions.length} actions, got ${show(thresholds)}`;
    return { at, reason };
  }
  const wrong = thresholds.findIndex((value, index) => {
    const before = thresholds[index - 1];
    return ordered && before !== undefined && sign * value > sign * before;
  });
  if (wrong < 0) return undefined;
  const order = sign > 0 ? "descending (at_least)" : "ascending (at_most)";
  return { at: [...at, wrong], reason: `expected ${order} thresholds, got ${show(thresholds)}` };
}

/**
 * Prepares the choice of an action.
 *
 * @param view The decider.
 * @param thresholds What a point sets, without a misfit.
 * @returns Takes the features of the decider; gives the first action whose score reaches its
 * threshold, the last one if none does.
 */
export function compileChoice(
  { actions, scores, sign }: DeciderView,
  { thresholds }: Thresholds,
): (features: Float64Array) => Action {
  // Turned round, "at most" is "at least": score ≤ threshold is −score ≥ −threshold.
  const bounds = thresholds.map((threshold) => sign * threshold);
  return (features) => {
    const reached = scores.findIndex((score, index) => {
      return sign * score(features) >= (bounds[index] as number);
    });
    // Where none is reached the index is −1, which is the last action.
    return actions.at(reached)?.value as Action;
  };
}
