import { LOSSES } from "../../losses.ts";
import type { CombineKind, LossKind, Trace } from "../trace/types.ts";
import { type LearnedClass, LEARNERS } from "./policy_classes.ts";

/** With more classes than this, their single probabilities are no features. */
const MAX_CLASS_FEATURES = 20;

/** Features that a learner may read, by path. */
export interface FeatureSet {
  /** What is in it, for people. */
  readonly name: string;
  /** Names of the features after a path; none at `start`. */
  of(path: readonly string[]): readonly string[];
}

/**
 * The sets of features among which a learner chooses: how sure the nodes are and whether they agree;
 * and with that every class's probability, where there are few classes. What chooses features by
 * itself is given all.
 *
 * @param trace The trace, for its classes.
 * @param policyClass What learns from them.
 * @returns The sets, the smallest first.
 */
export function featureSets(
  { classes }: Pick<Trace, "classes">,
  policyClass: LearnedClass,
): FeatureSet[] {
  const topFive = classes > 5;
  const few = classes <= MAX_CLASS_FEATURES;
  const single = few ? Array.from({ length: classes }, (_, index) => `class_${index}`) : [];
  const sure: FeatureSet = {
    name: "class-free features",
    of: (path) => {
      if (path.length === 0) return [];
      const own = ["log_odds", "margin", "entropy", ...(topFive && !few ? ["top_5_mass"] : [])];
      if (path.length === 1) return own;
      const overlap = topFive && !few ? ["top_5_overlap", "pooled_top_5_mass"] : [];
      const relative = ["agreement", "previous_class_probability", "divergence", "pooled_log_odds"];
      return [
        ...own,
        ...relative,
        ...overlap,
        ...path.slice(0, -1).map((node) => `${node}.log_odds`),
      ];
    },
  };
  const all: FeatureSet = {
    name: few ? "features of every class" : sure.name,
    of: (path) => path.length === 0 ? [] : [...sure.of(path), ...single],
  };
  return LEARNERS[policyClass].choosesFeatures || !few ? [all] : [sure, all];
}

/**
 * Features for a single threshold among which the learner chooses, what suits the loss first: by how
 * much the first class is ahead, or how much probability five classes hold.
 */
export function singleFeatures(
  { classes }: Pick<Trace, "classes">,
  kind: LossKind,
  combine: CombineKind,
): string[] {
  const sure = ["margin", "max_probability", "entropy"];
  const mass = classes > 5 ? ["top_5_mass"] : [];
  const names = LOSSES[kind].accuracy === "top5"
    ? [...mass, "entropy", "max_probability", "margin"]
    : [...sure, ...mass];
  return combine === "last" ? names : names.map((name) => `pooled_${name}`);
}
