import type { Decider } from "../../document.ts";
import type { FeatureTable } from "./classifiers/feature_table.ts";
import { softplus } from "./classifiers/logistic.ts";

/** A learned score of one stage. */
export interface StageFit<S> {
  /** The score of every row by what was learned without its fold. */
  readonly outOfFold: Float64Array;
  /** What was learned from all rows. */
  readonly score: S;
}

/** Weighted classification: whether to take an action. */
export interface StageTask {
  /** Features, m × d. */
  readonly table: FeatureTable;
  /** 1 where taking the action is cheaper. */
  readonly labels: Uint8Array;
  /** By how much. */
  readonly weights: Float64Array;
  /** Fold of every row. */
  readonly fold: Uint8Array;
}

/** What a decider has whatever was learned. */
export interface DeciderFrame {
  /** Names of the actions. */
  readonly actions: readonly string[];
  /** The features that were learned from. */
  readonly table: FeatureTable;
  /** What the logits were divided by. */
  readonly temperature: number;
}

/** Learns scores of a class, one stage at a time. */
export interface ScoreLearner<S = unknown> {
  /** Whether it chooses among features by itself; else it is tried on several sets of them. */
  readonly choosesFeatures: boolean;
  /**
   * Learns the score of one stage.
   *
   * @param task The classification.
   * @returns The fit.
   */
  fit(task: StageTask): StageFit<S>;
  /**
   * Makes a decider of what was learned.
   *
   * @param frame See {@linkcode DeciderFrame}.
   * @param scores One per action but the last, at least one.
   * @returns The decider.
   */
  build(frame: DeciderFrame, scores: readonly S[]): Decider;
}

/**
 * States the classification that a difference poses (Bolukbasi et al. 2017, section 4): label = the
 * cheaper choice, weight = by how much.
 *
 * @param table Features, m × d.
 * @param difference What taking the action costs more, one per row.
 * @param fold Fold of every row.
 * @returns The task.
 */
export function stageTask(
  table: FeatureTable,
  difference: Float64Array,
  fold: Uint8Array,
): StageTask {
  return {
    table,
    labels: Uint8Array.from(difference, (more) => Number(more <= 0)),
    weights: difference.map(Math.abs),
    fold,
  };
}

/** Weighted logistic loss of scores. */
export function lossOfScores(scores: Float64Array, { labels, weights }: StageTask): number {
  let total = 0;
  scores.forEach((score, row) => total += weights[row]! * softplus(labels[row] ? -score : score));
  return total;
}

/** The element of least value, the first of those that tie. */
export function leastBy<T>(list: readonly T[], valueOf: (element: T) => number): T {
  const values = list.map(valueOf);
  return list[values.indexOf(Math.min(...values))] as T;
}
