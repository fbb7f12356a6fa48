import type { TreesScore } from "../../document.ts";
import { binFeatures, type Binned } from "./bins.ts";
import { type FeatureTable, rowOf } from "./feature_table.ts";
import { foldCount, without } from "../stats/folds.ts";
import { fitLogistic, type LinearFit, softplus } from "./logistic.ts";
import { fitTrees, keepTrees, type TreesFit, type TreesOptions } from "./trees.ts";

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

/** Strengths of the penalty among which the held-out loss chooses, strongest first. */
const PENALTIES = [0.1, 0.01, 0.001];

/** How trees are grown; their number is chosen by the held-out loss. */
const TREES: TreesOptions = { trees: 40, depth: 3, rate: 0.2, l2: 5, leastRows: 20 };

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

/**
 * Learns a linear score, the penalty chosen by the held-out loss.
 *
 * @param task The classification.
 * @returns The fit.
 */
export function fitLinearStage(task: StageTask): StageFit<LinearFit> {
  const { table, labels, weights, fold } = task;
  const candidates = PENALTIES.map((l2) => ({ l2, outOfFold: new Float64Array(table.count) }));
  for (let leftOut = 0; leftOut < foldCount(fold); leftOut++) {
    const rest = without(weights, fold, leftOut);
    let fitted: LinearFit | undefined;
    for (const { l2, outOfFold } of candidates) {
      fitted = fitLogistic(table, labels, rest, { l2, start: fitted });
      const score = linearScore(fitted);
      fold.forEach((own, row) => {
        if (own === leftOut) outOfFold[row] = score(rowOf(table, row));
      });
    }
  }
  const best = leastBy(candidates, ({ outOfFold }) => lossOfScores(outOfFold, task));
  return { outOfFold: best.outOfFold, score: fitLogistic(table, labels, weights, { l2: best.l2 }) };
}

function linearScore({ mean, scale, bias, weights }: LinearFit): (values: Float64Array) => number {
  return (values) => {
    let score = bias;
    for (let index = 0; index < weights.length; index++) {
      score += weights[index]! * ((values[index]! - mean[index]!) / scale[index]!);
    }
    return score;
  };
}

/**
 * Learns trees, their number chosen by the held-out loss.
 *
 * @param task The classification.
 * @returns The fit.
 */
export function fitTreesStage(task: StageTask): StageFit<TreesScore> {
  const { table, labels, weights, fold } = task;
  const counts = Uint8Array.from(weights, (weight) => Number(weight > 0));
  const binned: Binned = binFeatures(table, counts);
  const fit = (own: Float64Array): TreesFit => fitTrees(binned, labels, own, TREES);
  const leftOut = Array.from(
    { length: foldCount(fold) },
    (_, own) => fit(without(weights, fold, own)),
  );
  const candidates = Array.from({ length: TREES.trees + 1 }, (_, trees) => ({
    trees,
    outOfFold: Float64Array.from(fold, (own, row) => {
      const staged = (leftOut[own] as TreesFit).staged;
      return (staged[trees] ?? staged.at(-1))![row]!;
    }),
  }));
  const best = leastBy(candidates, ({ outOfFold }) => lossOfScores(outOfFold, task));
  const score = keepTrees(fit(weights).score, best.trees);
  // Without a tree rows differ by nothing; that each fold has a bias of its own must not count.
  const outOfFold = best.trees > 0 ? best.outOfFold : best.outOfFold.fill(score.bias);
  return { outOfFold, score };
}

/** Weighted logistic loss of scores. */
function lossOfScores(scores: Float64Array, { labels, weights }: StageTask): number {
  let total = 0;
  scores.forEach((score, row) => total += weights[row]! * softplus(labels[row] ? -score : score));
  return total;
}

/** The element of least value, the first of those that tie. */
export function leastBy<T>(list: readonly T[], valueOf: (element: T) => number): T {
  const values = list.map(valueOf);
  return list[values.indexOf(Math.min(...values))] as T;
}
