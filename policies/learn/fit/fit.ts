import type { Combine, PolicyDocument } from "../../document.ts";
import { featureSets, singleFeatures } from "./feature_sets.ts";
import {
  buildFamily,
  type Family,
  followPoints,
  lossesAt,
  type PointExits,
  type PointOutcome,
  writeFamily,
} from "./family.ts";
import { dealFolds } from "../stats/folds.ts";
import { objectiveOf, priceReferences, relevantLambdas } from "./objective.ts";
import { fitEnsemble, fitPosterior } from "./ensemble.ts";
import { buildProblem, type DecisionProblem } from "./problem.ts";
import { prune } from "./prune.ts";
import { follow } from "./reduce.ts";
import {
  gatherMaterial,
  learnScores,
  type Material,
  type PolicyClass,
  type Scored,
  singleScores,
} from "./scores.ts";
import { softenProblem } from "./soften.ts";
import { simplestOf } from "./standing.ts";
import { defaultLambdas, fillFamily, sweepFamily } from "./sweep.ts";
import { fitTemperature } from "./temperature.ts";
import { compileTuner, sum } from "./tune.ts";
import type { CombineKind, LossKind, Targets, Trace } from "../trace/types.ts";

/** Options of {@linkcode fitFamily}. */
export interface FitOptions {
  /** What counts as a loss. */
  readonly kind: LossKind;
  /**
   * How actions are scored: one feature, a logistic regression, or boosted trees.
   */
  readonly policyClass: PolicyClass;
  /** For `threshold`, the feature that is used in every state; else validation chooses one. */
  readonly feature?: string | undefined;
  /**
   * How the answers of the nodes that ran become one.
   *
   * @default "last"
   */
  readonly combine?: CombineKind | undefined;
  /**
   * What scores and thresholds are learned from.
   *
   * @default "labels"
   */
  readonly targets?: Targets | undefined;
  /** Prices λ of one unit of loss, milliseconds; by default fifty that fit the trace's costs. */
  readonly lambdas?: readonly number[] | undefined;
  /**
   * Seed of the folds.
   *
   * @default 1
   */
  readonly seed?: number | undefined;
  /**
   * Milliseconds that each decision takes.
   *
   * @default 0.01
   */
  readonly policyMs?: number | undefined;
}

/** Milliseconds of a decision where none are given; a linear score over ten classes takes less. */
export const DEFAULT_POLICY_MS = 0.01;

/** Folds within the training rows. */
const FOLDS = 5;

/** The price at which scores are learned, as an index of {@linkcode relevantLambdas}. */
const REFERENCE = 5;

/** Both parts of a trace that learning sees. */
export interface Bench {
  /** Rows that scores and thresholds are learned from. */
  readonly train: Material;
  /** Rows that decide between families; without any, the training rows do, their scores out of fold. */
  readonly validation: Material | undefined;
  /** By node. */
  readonly temperatures: ReadonlyMap<string, number>;
  /** By node, for softened targets. */
  readonly posterior: readonly number[];
  /** How the training rows of a loss would have answers combined. */
  resolve(combine: CombineKind, kind: LossKind, seed: number): Combine;
}

/** A family and how it does on the validation rows. */
export interface Candidate {
  /** The family. */
  readonly family: Family;
  /** What each point does on the rows that decide. */
  readonly outcomes: readonly PointOutcome[];
  /** Mean softened loss of each point on the rows that decide. */
  readonly softenedLoss: readonly number[];
  /** Averaged relative objective per row that decides; low is good. */
  readonly objective: Float64Array;
  /** The same with softened losses: less noise, but it trusts the full model. */
  readonly softened: Float64Array;
  /** How answers are combined. */
  readonly combine: Combine;
  /** How it was learned, for people. */
  readonly note: string;
}

/**
 * Learns a family of policies from a trace (Bolukbasi et al. 2017): scores bottom-up by weighted
 * classification, then thresholds tuned jointly over a sweep of prices.
 *
 * @param trace The trace.
 * @param train Rows to learn from.
 * @param validation Rows that choose between scores and say what to expect of each point; if there
 * are none, the training rows do, by scores out of fold: for few examples.
 * @param options See {@linkcode FitOptions}.
 * @returns A policy of many points, safest first: the first never exits early. The first is active.
 * @throws {RangeError} If there is no training row.
 * @throws {TypeError} If the loss needs labels and the trace has none.
 */
export function fitFamily(
  trace: Trace,
  train: Int32Array,
  validation: Int32Array,
  options: FitOptions,
): PolicyDocument {
  const bench = prepareBench(trace, train, validation);
  return writeDocument(bench, fitCandidate(bench, options), options);
}

/** Reads what all families of a trace share. */
export function prepareBench(trace: Trace, train: Int32Array, validation: Int32Array): Bench {
  if (train.length === 0) throw new RangeError("Cannot learn: the train part has no rows");
  const ensembles = new Map<string, Combine>();
  return {
    train: gatherMaterial(trace, train),
    posterior: fitPosterior(trace, train),
    validation: validation.length > 0 ? gatherMaterial(trace, validation) : undefined,
    resolve(combine, kind, seed) {
      if (combine !== "learned") return combine;
      const key = `${kind} ${seed}`;
      const fold = dealFolds(train.length, FOLDS, seed);
      const ensemble = ensembles.get(key) ?? fitEnsemble(trace, train, { kind, fold });
      ensembles.set(key, ensemble);
      return ensemble;
    },
    temperatures: new Map(trace.nodes.map((node) => [node, fitTemperature(trace, train, node)])),
  };
}

/**
 * Learns one family. Of several features or sets of them it keeps the first that is within one standard
 * error of the best on the rows that decide, judged by the same targets.
 */
export function fitCandidate(bench: Bench, options: FitOptions): Candidate {
  const { kind, policyClass, feature, targets = "labels", seed = 1 } = options;
  const { temperatures } = bench;
  const { trace } = bench.train;
  const combine = bench.resolve(options.combine ?? "last", kind, seed);
  const problemOptions = { kind, combine, policyMs: options.policyMs ?? DEFAULT_POLICY_MS };
  const build = (rows: Int32Array) => buildProblem(trace, rows, problemOptions);
  const soften = (problem: DecisionProblem, rows: Int32Array) => {
    return softenProblem(trace, rows, problem, problemOptions, bench.posterior);
  };
  const whole = build(bench.train.rows);
  const problem = targets === "labels" ? whole : soften(whole, bench.train.rows);
  const deciding = bench.validation ?? bench.train;
  const validationProblem = bench.validation ? build(deciding.rows) : whole;
  const softenedValidation = soften(validationProblem, deciding.rows);
  const relevant = relevantLambdas(problem);
  const plain = combine === "last"
    ? validationProblem
    : buildProblem(trace, deciding.rows, { ...problemOptions, combine: "last" });
  const references = priceReferences(plain, relevant);
  const lambdas = options.lambdas ?? defaultLambdas(problem);
  const finish = (scored: Scored, note: string): Candidate => {
    const { family, own } = tuneFamily(problem, scored, lambdas);
    const exits = bench.validation
      ? followPoints(family, validationProblem, bench.validation, combine)
      : own;
    const outcomes = lossesAt(exits, validationProblem);
    const softened = lossesAt(exits, softenedValidation);
    return {
      family,
      outcomes,
      softenedLoss: softened.map(({ loss }) => sum(loss) / loss.length),
      objective: objectiveOf(outcomes, references),
      softened: objectiveOf(softened, references),
      combine,
      note,
    };
  };
  const best = (candidates: readonly Candidate[]) => {
    const index = simplestOf(candidates.map(({ objective, softened }) => {
      return targets === "labels" ? objective : softened;
    }));
    return candidates[index] as Candidate;
  };
  if (policyClass === "threshold") {
    const names = feature === undefined
      ? singleFeatures(trace, kind, options.combine ?? "last")
      : [feature];
    return best(names.map((name) => {
      return finish(singleScores(problem, bench.train, name, { temperatures, combine }), name);
    }));
  }
  const lambda = relevant[REFERENCE] as number;
  const fold = dealFolds(problem.count, FOLDS, seed);
  const note = `scores learned at λ = ${lambda.toPrecision(3)} ms`;
  return best(
    featureSets(trace, policyClass).map(({ name, of }) => {
      const own = { policyClass, lambda, temperatures, combine, fold, featuresOf: of };
      return finish(learnScores(problem, bench.train, own), `${note}, ${name}`);
    }),
  );
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

/** Writes a candidate as a document. */
export function writeDocument(
  { train, validation }: Bench,
  { family, outcomes, combine, note }: Candidate,
  { kind, policyClass, targets = "labels", seed = 1 }: FitOptions,
): PolicyDocument {
  const { trace } = train;
  const { nodes, points } = writeFamily(family, outcomes);
  return {
    pair: trace.pair,
    models: trace.models,
    nodes,
    combine,
    loss: kind,
    measured: trace.measured,
    points,
    active: points[0]?.id as string,
    provenance: {
      method: `learned: ${policyClass}`,
      note: targets === "labels" ? note : `${note}; targets softened by the full model`,
      n: train.rows.length + (validation?.rows.length ?? 0),
      split: `${train.rows.length} train, ${validation?.rows.length ?? 0} validation`,
      seed,
    },
  };
}
