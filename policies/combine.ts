import { type Evidence, stateKey } from "./base/evidence.ts";

/**
 * How the answers of the nodes that have run become one: the last one's; the mean of all their
 * probabilities (Wang et al. 2021, Wisdom of Committees); or a learned pool.
 */
export type Combine = "last" | "mean" | LearnedCombine;

/**
 * A logarithmic opinion pool (Genest and Zidek 1986, Combining Probability Distributions): the
 * probabilities are proportional to the product of the nodes' own, each to the power of its weight.
 */
export interface LearnedCombine {
  /**
   * One weight for every node of a path, in its order; the key is the path (`small>large`). On other
   * paths the last node answers.
   */
  readonly weights: Readonly<Record<string, readonly number[]>>;
}

/** The largest number of 32 bits, so that a vanishing probability stays a finite score. */
const MAX_FLOAT = 3.4028234663852886e38;

/**
 * Makes one answer of those of the nodes that have run.
 *
 * @param combine How.
 * @param evidence The nodes that have run, one or more, and their logits.
 * @returns Scores, one per class, whose softmax is the answer: the last node's logits, the
 * logarithm of the mean of the softmaxes, or the weighted sum of the logits. Finite.
 * @throws {RangeError} If no node has run.
 *
 * @example The mean of two answers
 * ```ts
 * import { combineAnswers } from "./combine.ts";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const scores = combineAnswers("mean", {
 *   path: ["small", "large"],
 *   logits: new Map([
 *     ["small", Float32Array.of(Math.log(0.9), Math.log(0.1))],
 *     ["large", Float32Array.of(Math.log(0.3), Math.log(0.7))],
 *   ]),
 * });
 * assertAlmostEquals(Math.exp(scores[0]!), 0.6, 1e-6);
 * ```
 */
export function combineAnswers(combine: Combine, { path, logits }: Evidence): Float32Array {
  const answers = path.map((node) => logits.get(node) as Float32Array);
  const last = answers.at(-1);
  if (!last) throw new RangeError("Cannot combine answers: no model has run");
  if (combine === "last") return last;
  if (combine === "mean") return answers.length === 1 ? last : logMeanSoftmax(answers, 1);
  const weights = weightsAt(combine, path);
  return weights ? weightedSum(answers, weights) : last;
}

/**
 * The weights of a pool on a path.
 *
 * @param combine How answers are combined.
 * @param path Nodes that have run.
 * @returns One per node; `undefined` where the pool is not a learned one, or has none for the path.
 */
export function weightsAt(
  combine: Combine,
  path: readonly string[],
): readonly number[] | undefined {
  if (typeof combine === "string") return undefined;
  const key = stateKey(path);
  return Object.hasOwn(combine.weights, key) ? combine.weights[key] : undefined;
}

/**
 * Averages probabilities.
 *
 * @param answers Logits, one array per node, all of one length.
 * @param temperature Divides the logits, > 0.
 * @returns The logarithm of the mean of the softmaxes, one per class, finite.
 */
export function logMeanSoftmax(
  answers: readonly Float32Array[],
  temperature: number,
): Float32Array {
  const scales = answers.map((logits) => {
    return relativeSum(new Float64Array(logits).map((logit) => logit / temperature));
  });
  const mean = new Float32Array(answers[0]?.length ?? 0);
  const values = new Float64Array(answers.length);
  for (let index = 0; index < mean.length; index++) {
    answers.forEach((logits, node) => {
      const { largest, logSum } = scales[node]!;
      values[node] = logits[index]! / temperature - largest - logSum;
    });
    const { largest, logSum } = relativeSum(values);
    mean[index] = clamp(largest + logSum - Math.log(answers.length));
  }
  return mean;
}

function weightedSum(answers: readonly Float32Array[], weights: readonly number[]): Float32Array {
  const pooled = new Float32Array(answers[0]?.length ?? 0);
  for (let index = 0; index < pooled.length; index++) {
    let sum = 0;
    for (let node = 0; node < answers.length; node++) {
      sum += weights[node]! * answers[node]![index]!;
    }
    pooled[index] = clamp(sum);
  }
  return pooled;
}

function clamp(score: number): number {
  return Math.min(MAX_FLOAT, Math.max(-MAX_FLOAT, score));
}

/** The largest value, and the logarithm of the sum of exponentials relative to it: no overflow. */
function relativeSum(values: Float64Array): { largest: number; logSum: number } {
  let largest = -Infinity;
  for (const value of values) largest = Math.max(largest, value);
  let sum = 0;
  for (const value of values) sum += Math.exp(value - largest);
  return { largest, logSum: Math.log(sum) };
}
