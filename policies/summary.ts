/** The largest probabilities, largest first; 0 beyond the number of classes. */
export type Top = [number, number, number, number, number];

/** What all features are read from: one node's answer after softmax. */
export interface Summary {
  /** The five largest probabilities. */
  readonly top: Readonly<Top>;
  /** Shannon entropy of the probabilities, in nats. */
  readonly entropy: number;
  /** Logarithm of the sum of the exponentials of the scaled logits. */
  readonly logSumExp: number;
  /** The most probable class, the first of those that tie. */
  readonly best: number;
}

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
  let best = 0;
  for (let index = 0; index < logits.length; index++) {
    const value = (logits[index] as number) / temperature;
    if (value > top[0]) best = index;
    insert(top, value);
  }
  const largest = top[0];
  let sum = 0;
  let weighted = 0;
  for (let index = 0; index < logits.length; index++) {
    const value = (logits[index] as number) / temperature - largest;
    const weight = Math.exp(value);
    sum += weight;
    weighted += weight * value;
  }
  for (let rank = 0; rank < top.length; rank++) {
    top[rank] = Math.exp((top[rank] as number) - largest) / sum;
  }
  const logSum = Math.log(sum);
  return { top, entropy: logSum - weighted / sum, logSumExp: largest + logSum, best };
}

/** Keeps the largest values seen, in descending order. */
function insert(top: Top, value: number): void {
  let rank = top.length - 1;
  if (value <= (top[rank] as number)) return;
  for (; rank > 0 && value > (top[rank - 1] as number); rank--) top[rank] = top[rank - 1] as number;
  top[rank] = value;
}
