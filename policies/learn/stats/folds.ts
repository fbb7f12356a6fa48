import { seededRandom, shuffle } from "./random.ts";

/**
 * Deals rows out to folds.
 *
 * @param count Number of rows.
 * @param folds Number of folds.
 * @param seed Seed of the shuffle.
 * @returns The fold of every row; sizes differ by at most 1.
 */
export function dealFolds(count: number, folds: number, seed: number): Uint8Array {
  const order = shuffle(Int32Array.from({ length: count }, (_, row) => row), seededRandom(seed));
  const fold = new Uint8Array(count);
  order.forEach((row, index) => fold[row] = index % folds);
  return fold;
}

/**
 * Number of folds that rows were dealt to.
 *
 * @param fold Fold of every row.
 * @returns One more than the largest.
 */
export function foldCount(fold: Uint8Array): number {
  return fold.reduce((most, own) => Math.max(most, own + 1), 0);
}

/**
 * Weights for learning without a fold.
 *
 * @param weights Weight of every row.
 * @param fold Fold of every row.
 * @param leftOut The fold that is left out.
 * @returns The weights, 0 in the fold.
 */
export function without(weights: Float64Array, fold: Uint8Array, leftOut: number): Float64Array {
  return weights.map((weight, row) => fold[row] === leftOut ? 0 : weight);
}
