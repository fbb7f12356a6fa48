import type { Setting } from "./document.ts";

/** `exit`, or the name of a next node. */
export type Action = string;

/** A member of a decider and where in it the member stands. */
export interface Located {
  /** The member's value. */
  readonly value: string;
  /** Names and indices that lead from the decider to it. */
  readonly at: readonly PropertyKey[];
}

/** What is wrong with a setting and where. */
export interface Problem {
  /** Names and indices that lead from the setting to the offending member. */
  readonly at: readonly PropertyKey[];
  /** The value and what was expected. */
  readonly reason: string;
}

/** What binding and compiling need to know of a decider, whatever its class. */
export interface DeciderView {
  /** The features that it reads. */
  readonly features: readonly Located[];
  /** The actions among which it chooses. */
  readonly actions: readonly Located[];
  /** Finds what keeps a point's setting from fitting this decider. */
  findProblem(setting: Setting): Problem | undefined;
  /** Prepares the choice of an action by the features, for a setting without a problem. */
  compile(setting: Setting): (features: Float64Array) => Action;
}
