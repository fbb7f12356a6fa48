import type { LinearDecider, LinearScore } from "../../document.ts";
import { foldCount, without } from "../stats/folds.ts";
import { rowOf } from "./classifiers/feature_table.ts";
import { fitLogistic, type LinearFit } from "./classifiers/logistic.ts";
import {
  type DeciderFrame,
  leastBy,
  lossOfScores,
  type ScoreLearner,
  type StageFit,
  type StageTask,
} from "./stage_fit.ts";

/** Strengths of the penalty among which the held-out loss chooses, strongest first. */
const PENALTIES = [0.1, 0.01, 0.001];

/** Learns linear scores. */
export const logisticLearner: ScoreLearner<LinearFit> = {
  choosesFeatures: false,
  fit: fitLinearStage,
  build: buildLinear,
};

/** The penalty is chosen by the held-out loss. */
function fitLinearStage(task: StageTask): StageFit<LinearFit> {
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

/** The fits, each with a scaling of its own, are brought to a common one; numbers have six digits. */
function buildLinear(
  { actions, table, temperature }: DeciderFrame,
  fits: readonly LinearFit[],
): LinearDecider {
  const size = table.names.length;
  const mean = new Float64Array(size);
  const scale = new Float64Array(size);
  for (let row = 0; row < table.count; row++) {
    rowOf(table, row).forEach((value, column) => mean[column]! += value / table.count);
  }
  for (let row = 0; row < table.count; row++) {
    rowOf(table, row).forEach((value, column) => {
      scale[column]! += (value - mean[column]!) ** 2 / table.count;
    });
  }
  const means = [...mean].map(short);
  const scales = [...scale].map((square) => square > 1e-18 ? short(Math.sqrt(square)) : 1);
  const scores = fits.map((fit): LinearScore => {
    let bias = fit.bias;
    const weights = means.map((common, column) => {
      const perUnit = fit.weights[column]! / fit.scale[column]!;
      bias += perUnit * (common - fit.mean[column]!);
      return short(perUnit * scales[column]!);
    });
    return { bias: short(bias), weights };
  });
  return {
    class: "linear",
    temperature,
    actions,
    features: table.names,
    mean: means,
    scale: scales,
    scores,
  };
}

function short(value: number): number {
  return Number(value.toPrecision(6));
}
