/** The largest probabilities, largest first; 0 beyond the number of classes. */
export type Top = [number, number, number, number, number];

/** What all features are read from: one answer after softmax. */
export interface Summary {
  /** Unnormalised scores, one per class. */
  readonly logits: Float32Array;
  /** Divides the logits. */
  readonly temperature: number;
  /** The five largest probabilities. */
  readonly top: Readonly<Top>;
  /** Their classes, the first of those that tie first; −1 beyond the number of classes. */
  readonly classes: Readonly<Top>;
  /** Shannon entropy of the probabilities, in nats. */
  readonly entropy: number;
  /** Logarithm of the odds of the most probable class; at most 69, which is one to 10⁻³⁰. */
  readonly logOdds: number;
  /** The largest scaled logit. */
  readonly largest: number;
  /** Logarithm of the sum of the exponentials of the scaled logits less the largest. */
  readonly logSum: number;
}

const LEAST_ODDS = 1e-30;

/**
 * Summarizes the softmax of `logits / temperature`. Everything is taken relative to the largest
 * logit, so that nothing overflows.
 *
 * @param logits Unnormalised, finite scores of one class or more.
 * @param temperature Divides the logits, > 0.
 * @returns The summary; all of it finite.
 */
export function summarize(logits: Float32Array, temperature: number): Summary {
  const top: Top = [-Infinity, -Infinity, -Infinity, -Infinity, -Infinity];
  const classes: Top = [-1, -1, -1, -1, -1];
  for (let index = 0; index < logits.length; index++) {
    insert(top, classes, (logits[index] as number) / temperature, index);
  }
  const largest = top[0];
  let others = 0;
  let weighted = 0;
  for (let index = 0; index < logits.length; index++) {
    if (index === classes[0]) continue;
    const value = (logits[index] as number) / temperature - largest;
    const weight = Math.exp(value);
    others += weight;
    weighted += weight * value;
  }
  const sum = 1 + others;
  for (let rank = 0; rank < top.length; rank++) {
    top[rank] = Math.exp((top[rank] as number) - largest) / sum;
  }
  const logSum = Math.log(sum);
  return {
    logits,
    temperature,
    top,
    classes,
    entropy: logSum - weighted / sum,
    logOdds: -Math.log(Math.max(others, LEAST_ODDS)),
    largest,
    logSum,
  };
}

/**
 * How sure an answer is.
 *
 * @param logits Unnormalised, finite scores of one class or more.
 * @returns The largest probability, in (0, 1].
 */
export function largestProbability(logits: Float32Array): number {
  return summarize(logits, 1).top[0];
}

/** The most probable classes of an answer, the most probable first, five at most. */
export type TopClasses = readonly number[];

/**
 * Finds the most probable classes.
 *
 * @param logits Unnormalised, finite scores of one class or more.
 * @returns Their indices, the first of those that tie first.
 */
export function topClasses(logits: Float32Array): TopClasses {
  return summarize(logits, 1).classes.filter((index) => index >= 0);
}

/**
 * The logarithm of a class's probability.
 *
 * @param summary An answer.
 * @param index Index of the class.
 * @returns The logarithm, finite; −∞ beyond the number of classes.
 */
export function logProbabilityOf(
  { logits, temperature, largest, logSum }: Summary,
  index: number,
): number {
  return (logits[index] ?? -Infinity) / temperature - largest - logSum;
}

/**
 * Kullback–Leibler divergence of one answer from another, Σ p · log(p / q).
 *
 * @param own The answer p.
 * @param other The answer q, of as many classes.
 * @returns The divergence in nats, ≥ 0.
 */
export function divergence(own: Summary, other: Summary): number {
  let sum = 0;
  for (let index = 0; index < own.logits.length; index++) {
    const logP = logProbabilityOf(own, index);
    sum += Math.exp(logP) * (logP - logProbabilityOf(other, index));
  }
  return Math.max(0, sum);
}

/** Keeps the largest values seen and their classes, in descending order. */
function insert(top: Top, classes: Top, value: number, index: number): void {
  let rank = top.length - 1;
  if (value <= (top[rank] as number)) return;
  for (; rank > 0 && value > (top[rank - 1] as number); rank--) {
    top[rank] = top[rank - 1] as number;
    classes[rank] = classes[rank - 1] as number;
  }
  top[rank] = value;
  classes[rank] = index;
}
