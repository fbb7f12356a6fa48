import type { Combine } from "../../document.ts";
import type { CombineKind, LossKind, Targets } from "../trace/types.ts";
import type { Bench } from "./bench.ts";
import {
  buildFamily,
  type Family,
  followPoints,
  lossesAt,
  type PointExits,
  type PointOutcome,
} from "./family.ts";
import { featureSets, singleFeatures } from "./feature_sets.ts";
import { objectiveOf, type PriceReference, priceReferences, relevantLambdas } from "./objective.ts";
import { buildProblem, type DecisionProblem } from "./reduction/problem.ts";
import { prune } from "./reduction/prune.ts";
import { follow } from "./reduction/reduce.ts";
import { learnScores, type PolicyClass, type Scored, singleScores } from "./scores.ts";
import { softenProblem } from "./soften.ts";
import { simplestOf } from "./standing.ts";
import { defaultLambdas, fillFamily, sweepFamily } from "./reduction/sweep.ts";
import { compileTuner, sum } from "./reduction/tune.ts";

/** Options of {@linkcode fitCandidate}. */
export interface FitOptions {
  /** What counts as a loss. */
  readonly kind: LossKind;
  /** How actions are scored: one feature, a logistic regression, or boosted trees. */
  readonly policyClass: PolicyClass;
  /** For `threshold`, the feature that is used in every state; else validation chooses one. */
  readonly feature?: string | undefined;
  /** How the answers of the nodes that ran become one. */
  readonly combine: CombineKind;
  /** What scores and thresholds are learned from. */
  readonly targets: Targets;
  /** Prices λ of one unit of loss, milliseconds; by default fifty that fit the trace's costs. */
  readonly lambdas?: readonly number[] | undefined;
  /** Seed of the folds. */
  readonly seed: number;
  /** Milliseconds that each decision takes. */
  readonly policyMs: number;
}

/** The price at which scores are learned, as an index of {@linkcode relevantLambdas}. */
const REFERENCE = 5;

/** A family and how it does on the rows that decide, m of them. */
export interface Candidate {
  /** The family. */
  readonly family: Family;
  /** What each point does on the rows that decide. */
  readonly outcomes: readonly PointOutcome[];
  /** Mean softened loss of each point on the rows that decide. */
  readonly softenedLoss: readonly number[];
  /** Averaged relative objective per row that decides, length m; low is good. */
  readonly objective: Float64Array;
  /** The same with softened losses: less noise, but it trusts the full model. */
  readonly softened: Float64Array;
  /** How answers are combined. */
  readonly combine: Combine;
  /** How it was learned, for people. */
  readonly note: string;
}

/**
 * Learns one family (Bolukbasi et al. 2017): scores bottom-up by weighted classification, then
 * thresholds tuned jointly over a sweep of prices. Of several features or sets of them it keeps the
 * first that is within one standard error of the best on the rows that decide, judged by the same
 * targets.
 *
 * @param bench The rows.
 * @param options See {@linkcode FitOptions}.
 * @returns The family and how it does.
 * @throws {TypeError} If the loss needs labels and the trace has none.
 */
export function fitCandidate(bench: Bench, options: FitOptions): Candidate {
  const combine = bench.resolve(options.combine, options.kind, options.seed);
  const task = poseTask(bench, options, combine);
  const lambdas = options.lambdas ?? defaultLambdas(task.problem);
  const candidates = scoreTask(bench, task, options).map(({ scored, note }): Candidate => {
    const { family, own } = tuneFamily(task.problem, scored, lambdas);
    const exits = bench.validation
      ? followPoints(family, task.deciding, bench.validation, combine)
      : own;
    const outcomes = lossesAt(exits, task.deciding);
    const softened = lossesAt(exits, task.softened);
    return {
      family,
      outcomes,
      softenedLoss: softened.map(({ loss }) => sum(loss) / loss.length),
      objective: objectiveOf(outcomes, task.references),
      softened: objectiveOf(softened, task.references),
      combine,
      note,
    };
  });
  const judgedBy = options.targets === "labels" ? "objective" : "softened";
  return candidates[simplestOf(candidates.map((own) => own[judgedBy]))] as Candidate;
}

/** What one family is learned from and judged by. */
interface Task {
  /** How answers are combined. */
  readonly combine: Combine;
  /** The training rows, with the losses that are learned from. */
  readonly problem: DecisionProblem;
  /** The rows that decide, with losses by the labels. */
  readonly deciding: DecisionProblem;
  /** The same rows with softened losses. */
  readonly softened: DecisionProblem;
  /** Prices at which families are compared, milliseconds per unit of loss. */
  readonly relevant: readonly number[];
  /** What the objective is compared with at each of them. */
  readonly references: readonly PriceReference[];
}

function poseTask(
  { train, validation, posterior }: Bench,
  { kind, targets, policyMs }: FitOptions,
  combine: Combine,
): Task {
  const { trace } = train;
  const { rows } = validation ?? train;
  const build = (own: Int32Array, how: Combine) => {
    return buildProblem(trace, own, { kind, combine: how, policyMs });
  };
  const soften = (problem: DecisionProblem, own: Int32Array) => {
    return softenProblem(trace, own, problem, { kind, combine, posterior });
  };
  const whole = build(train.rows, combine);
  const problem = targets === "labels" ? whole : soften(whole, train.rows);
  const deciding = validation ? build(rows, combine) : whole;
  // The same reference for every way of combining, so that their families can be compared.
  const plain = combine === "last" ? deciding : build(rows, "last");
  const relevant = relevantLambdas(problem);
  return {
    combine,
    problem,
    deciding,
    softened: soften(deciding, rows),
    relevant,
    references: priceReferences(plain, relevant),
  };
}

/** Scores of all stages, and how they came about, for people. */
interface NotedScores {
  readonly scored: Scored;
  readonly note: string;
}

/** Scores for every feature, or set of features, that the class may choose among. */
function scoreTask(
  { train, temperatures, fold }: Bench,
  { problem, relevant, combine }: Task,
  options: FitOptions,
): NotedScores[] {
  const { kind, policyClass, feature, seed } = options;
  const { trace } = train;
  if (policyClass === "threshold") {
    const names = feature === undefined ? singleFeatures(trace, kind, options.combine) : [feature];
    return names.map((name) => {
      return { scored: singleScores(problem, train, name, { temperatures, combine }), note: name };
    });
  }
  const lambda = relevant[REFERENCE] as number;
  const shared = { policyClass, lambda, temperatures, combine, fold: fold(seed) };
  return featureSets(trace, policyClass).map(({ name, of }) => ({
    scored: learnScores(problem, train, { ...shared, featuresOf: of }),
    note: `scores learned at λ = ${lambda.toPrecision(3)} ms, ${name}`,
  }));
}

/** Tunes a family, and follows it on its own rows by scores out of fold. */
function tuneFamily(
  problem: DecisionProblem,
  scored: Scored,
  lambdas: readonly number[],
): { family: Family; own: PointExits[] } {
  const tuner = compileTuner(problem, scored.scores);
  const corners = prune(tuner, sweepFamily(tuner, lambdas));
  const left = compileTuner(corners.problem, corners.scores);
  const points = fillFamily(left, corners.points);
  const pruned = { ...corners, points };
  const forced = problem.states.map(({ actions }) => actions.length < 2);
  const own = points.map(({ lambda, thresholds }): PointExits => {
    const { cost, exit } = follow(corners.problem, left.apply(lambda, thresholds).taken);
    return { lambda, cost, exit };
  });
  return { family: buildFamily(scored, pruned, forced), own };
}
