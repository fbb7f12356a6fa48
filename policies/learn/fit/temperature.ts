import { fullAnswers, logitsAt } from "../trace/loss.ts";
import type { Trace } from "../trace/types.ts";

const LEAST = 0.05;
const LARGEST = 20;
const STEPS = 24;

/**
 * Fits a node's temperature: the number that divides its logits so that the right classes are most
 * likely (Guo et al. 2017). The negative log-likelihood is convex in the inverse temperature.
 *
 * @param trace The trace; without labels the full model's answers stand for them.
 * @param rows Rows to fit on, one or more.
 * @param node The node.
 * @returns The temperature, within [0.05, 20], to three digits.
 */
export function fitTemperature(trace: Trace, rows: Int32Array, node: string): number {
  const logits = trace.logits[node] as Float32Array;
  const labels = trace.labels
    ? rows.map((row) => (trace.labels as Int32Array)[row] as number)
    : fullAnswers(trace, rows).answer;
  // The sign of the slope at an inverse temperature says on which side the best one is.
  const slope = (inverse: number) => {
    let total = 0;
    rows.forEach((row, index) => {
      const own = logitsAt(logits, row, trace.classes);
      total += expectation(own, inverse) - (own[labels[index] as number] as number);
    });
    return total;
  };
  let low = Math.log(1 / LARGEST);
  let high = Math.log(1 / LEAST);
  for (let step = 0; step < STEPS; step++) {
    const middle = (low + high) / 2;
    if (slope(Math.exp(middle)) > 0) high = middle;
    else low = middle;
  }
  return Number(Math.exp(-(low + high) / 2).toPrecision(3));
}

/** Mean logit under softmax(inverse · logits). */
function expectation(logits: Float32Array, inverse: number): number {
  let largest = -Infinity;
  for (const logit of logits) if (logit > largest) largest = logit;
  let sum = 0;
  let weighted = 0;
  for (const logit of logits) {
    const weight = Math.exp((logit - largest) * inverse);
    sum += weight;
    weighted += weight * logit;
  }
  return weighted / sum;
}
