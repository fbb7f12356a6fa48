import type { LinearDecider, TreesDecider, TreesScore } from "../../document.ts";
import { foldCount, without } from "../stats/folds.ts";
import { binFeatures, type Binned } from "./classifiers/bins.ts";
import { constantDecider } from "./deciders.ts";
import {
  type DeciderFrame,
  leastBy,
  lossOfScores,
  type ScoreLearner,
  type StageFit,
  type StageTask,
} from "./stage_fit.ts";
import { fitTrees, keepTrees, type TreesFit, type TreesOptions } from "./classifiers/trees.ts";

/** How trees are grown; their number is chosen by the held-out loss. */
const TREES: TreesOptions = { trees: 40, depth: 3, rate: 0.2, l2: 5, leastRows: 20 };

/** Learns sums of trees. */
export const treesLearner: ScoreLearner<TreesScore> = {
  choosesFeatures: true,
  fit: fitTreesStage,
  build: buildTrees,
};

/** The number of trees is chosen by the held-out loss. */
function fitTreesStage(task: StageTask): StageFit<TreesScore> {
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

/** Without the features that no tree looks at; a constant decider if there is no tree. */
function buildTrees(
  { actions, table, temperature }: DeciderFrame,
  scores: readonly TreesScore[],
): TreesDecider | LinearDecider {
  const used = table.names.map((_, index) => index)
    .filter((index) => scores.some(({ inputs }) => inputs.includes(index)));
  if (used.length === 0) {
    const constant = constantDecider(actions);
    return { ...constant, scores: scores.map(({ bias }) => ({ bias, weights: [] })) };
  }
  return {
    class: "trees",
    temperature,
    actions,
    features: used.map((index) => table.names[index] as string),
    scores: scores.map((score) => ({
      ...score,
      inputs: score.inputs.map((index) => used.indexOf(index)),
    })),
  };
}
