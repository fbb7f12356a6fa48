import type { Combine } from "../../combine.ts";
import type { Decider } from "../../document.ts";
import { actionNames, constantDecider, thresholdDecider } from "./deciders.ts";
import {
  directionOf,
  type FeatureTable,
  readable,
  readFeatures,
} from "./classifiers/feature_table.ts";
import { type LearnedClass, LEARNERS } from "./policy_classes.ts";
import { findThreshold, orderByScore, reaching } from "./reduction/offsets.ts";
import type { DecisionProblem, ProblemState } from "./reduction/problem.ts";
import { type ByStage, reduce } from "./reduction/reduce.ts";
import { type ScoreLearner, type StageTask, stageTask } from "./stage_fit.ts";
import type { Trace } from "../trace/types.ts";

export type { PolicyClass } from "./policy_classes.ts";

/** Rows of a trace and what is read from them, each once. */
export interface Material {
  /** The trace. */
  readonly trace: Trace;
  /** Its rows. */
  readonly rows: Int32Array;
  /** Reads features in a state. */
  table(
    path: readonly string[],
    names: readonly string[],
    temperature: number,
    combine: Combine,
  ): FeatureTable;
}

/** Scores of all stages, before thresholds. */
export interface Scored {
  /** By stage, per training row; out of fold where they were learned; high takes the action. */
  readonly scores: ByStage<Float64Array>;
  /** Builds the decider of a state. */
  decider(state: number, problem: DecisionProblem, positions: readonly number[]): Decider;
}

/**
 * Reads rows of a trace, keeping what was read.
 *
 * @param trace The trace.
 * @param rows Its rows.
 * @returns The material.
 */
export function gatherMaterial(trace: Trace, rows: Int32Array): Material {
  const tables = new Map<string, FeatureTable>();
  return {
    trace,
    rows,
    table(path, names, temperature, combine) {
      // Where only the last node answers, the pooled features look at the mean.
      const key = JSON.stringify([path, names, temperature, combine === "last" ? "mean" : combine]);
      const options = { path, names, temperature, combine };
      const known = tables.get(key) ?? readFeatures(trace, rows, options);
      tables.set(key, known);
      return known;
    },
  };
}

/**
 * Scores every stage of a state by one feature; where a state cannot read it, by 0.
 *
 * @param problem The problem.
 * @param material Its rows.
 * @param feature Name of the feature.
 * @param options Temperatures, and how answers are combined.
 * @returns The scores.
 */
export function singleScores(
  problem: DecisionProblem,
  material: Material,
  feature: string,
  { temperatures, combine }: Pick<LearnOptions, "temperatures" | "combine">,
): Scored {
  const sign = directionOf(feature) === "at_least" ? 1 : -1;
  const scores = problem.states.map(({ path, actions }) => {
    if (actions.length < 2) return [];
    const values = readable(feature, path)
      ? material.table(path, [feature], temperatureOf(path, temperatures), combine).values
        .map((value) => sign * value)
      : new Float64Array(problem.count);
    return actions.slice(1).map(() => values);
  });
  return {
    scores,
    decider(state, pruned) {
      const own = pruned.states[state] as ProblemState;
      const names = actionNames(pruned, own);
      return readable(feature, own.path) && names.length > 1
        ? thresholdDecider(names, feature, temperatureOf(own.path, temperatures))
        : constantDecider(names);
    },
  };
}

/** What learning scores needs beside the problem. */
export interface LearnOptions {
  /** The class of the scores. */
  readonly policyClass: LearnedClass;
  /** Price of loss at which they are learned; thresholds are tuned for others later. */
  readonly lambda: number;
  /** By node. */
  readonly temperatures: ReadonlyMap<string, number>;
  /** How answers are combined. */
  readonly combine: Combine;
  /** Fold of every row. */
  readonly fold: Uint8Array;
  /** Names of the features to read after a path. */
  featuresOf(path: readonly string[]): readonly string[];
}

/**
 * Learns the scores of all stages bottom-up at one price of loss.
 *
 * @param problem The problem.
 * @param material Its rows.
 * @param options See {@linkcode LearnOptions}.
 * @returns The scores.
 */
export function learnScores(
  problem: DecisionProblem,
  material: Material,
  { policyClass, lambda, temperatures, combine, fold, featuresOf }: LearnOptions,
): Scored {
  const learner = LEARNERS[policyClass];
  const tableAt = (path: readonly string[]) => {
    const names = featuresOf(path);
    return material.table(path, names, temperatureOf(path, temperatures), combine);
  };
  const scores: Float64Array[][] = problem.states.map(() => []);
  const fits: unknown[][] = problem.states.map(() => []);
  reduce(problem, lambda, ({ state, position }, difference) => {
    const table = tableAt((problem.states[state] as ProblemState).path);
    const { outOfFold, score } = fitStage(learner, stageTask(table, difference, fold));
    scores[state]![position] = outOfFold;
    if (score !== undefined) fits[state]![position] = score;
    const { threshold } = findThreshold(outOfFold, orderByScore(outOfFold), difference);
    return reaching(outOfFold, threshold);
  });
  return {
    scores,
    decider(state, pruned, positions) {
      const own = pruned.states[state] as ProblemState;
      const actions = actionNames(pruned, own);
      const kept = positions.map((position) => fits[state]![position]);
      const table = tableAt(own.path);
      const temperature = temperatureOf(own.path, temperatures);
      if (kept.length === 0 || table.names.length === 0) return constantDecider(actions);
      return learner.build({ actions, table, temperature }, kept);
    },
  };
}

function fitStage(
  learner: ScoreLearner,
  task: StageTask,
): { outOfFold: Float64Array; score?: unknown } {
  // Without features there is nothing to learn: the threshold takes all rows or none.
  if (task.table.names.length === 0) return { outOfFold: new Float64Array(task.table.count) };
  return learner.fit(task);
}

function temperatureOf(
  path: readonly string[],
  temperatures: ReadonlyMap<string, number>,
): number {
  return temperatures.get(path.at(-1) ?? "") ?? 1;
}
