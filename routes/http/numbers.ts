import { MILLISECONDS, type PairCosts } from "../../registry/mod.ts";

/** Decimals of milliseconds: 0.1 µs, below which clocks say nothing. */
export const DECIMALS = 4;

/** Digits of a price, of which nobody knows how small it is. */
const PRICE_DIGITS = 6;

/** Rounds milliseconds to 0.1 µs. */
export function round(ms: number): number {
  return Math.round(ms * 10 ** DECIMALS) / 10 ** DECIMALS;
}

/**
 * A cost as answers show it.
 *
 * @param costs The pair's, for their unit.
 * @param cost The cost; nothing where it is not known.
 * @returns Milliseconds to 0.1 µs, prices to six digits; null where it is not known.
 */
export function showCost(
  { unit }: Pick<PairCosts, "unit">,
  cost: number | null | undefined,
): number | null {
  if (cost === null || cost === undefined) return null;
  return unit === MILLISECONDS ? round(cost) : Number(cost.toPrecision(PRICE_DIGITS));
}

/**
 * Softmax of logits.
 *
 * @param logits One for each label.
 * @returns Probabilities in the same order.
 */
export function softmax(logits: Float32Array): Float32Array {
  const max = logits.reduce((a, b) => Math.max(a, b), -Infinity);
  const exponentials = logits.map((logit) => Math.exp(logit - max));
  const sum = exponentials.reduce((a, b) => a + b, 0);
  return exponentials.map((value) => value / sum);
}
