import { logisticLearner } from "./learn_logistic.ts";
import { treesLearner } from "./learn_trees.ts";
import type { ScoreLearner } from "./stage_fit.ts";

/** Classes whose scores are learned. */
export type LearnedClass = "logistic" | "trees";

/** The kinds of policies that can be learned; `threshold` scores by a feature as it is. */
export type PolicyClass = "threshold" | LearnedClass;

/** How the scores of each class are learned, the simplest first. */
export const LEARNERS: Readonly<Record<LearnedClass, ScoreLearner>> = {
  logistic: logisticLearner,
  trees: treesLearner,
};

/** All kinds of policies, the simplest first. */
export const POLICY_CLASSES: readonly PolicyClass[] = [
  "threshold",
  ...Object.keys(LEARNERS) as LearnedClass[],
];
