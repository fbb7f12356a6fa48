import { CholeskyDecomposition, Matrix } from "ml-matrix";
import { type FeatureTable, rowOf } from "./feature_table.ts";

/** A linear score: `bias + Σ weights · (features − mean) / scale`. */
export interface LinearFit {
  /** Weighted mean of each feature, length d. */
  readonly mean: Float64Array;
  /** Weighted standard deviation of each feature, length d; 1 where it is 0. */
  readonly scale: Float64Array;
  /** The score at the mean. */
  readonly bias: number;
  /** Change of the score per scaled feature, length d. */
  readonly weights: Float64Array;
}

const MAX_STEPS = 50;
const TOLERANCE = 1e-10;

/** Smallest share of the weight that either label has, so that the bias is finite. */
const LEAST_SHARE = 1e-6;

/** Options of {@linkcode fitLogistic}. */
export interface LogisticOptions {
  /** Strength of the penalty, > 0. */
  readonly l2: number;
  /** Where to start from, a fit to the same rows; at the weighted mean of the labels unless given. */
  readonly start?: LinearFit | undefined;
}

/**
 * Fits a weighted logistic regression by Newton's method:
 *
 *     minimise  Σ wᵢ · log(1 + exp(−yᵢ · scoreᵢ)) / Σ wᵢ  +  l2 / 2 · ‖weights‖²
 *
 * The bias is not penalised. Rows of weight 0 change nothing. It is what scikit-learn fits to the
 * scaled features with `C = 1 / (l2 · Σ wᵢ)`.
 *
 * @param table Features, m × d.
 * @param labels 0 or 1 per row.
 * @param weights Weight per row, ≥ 0.
 * @param options See {@linkcode LogisticOptions}.
 * @returns The fit; without weights if all rows have one label.
 */
export function fitLogistic(
  table: FeatureTable,
  labels: Uint8Array,
  weights: Float64Array,
  { l2, start }: LogisticOptions,
): LinearFit {
  const size = table.names.length;
  const { rows, mean, scale } = standardize(table, labels, weights);
  const base = rows.totalOf1 <= 0 || rows.totalOf1 >= 1
    ? logOdds(rows.totalOf1)
    : start?.bias ?? logOdds(rows.totalOf1);
  let current = new Float64Array(size + 1);
  current[size] = base;
  if (rows.totalOf1 <= 0 || rows.totalOf1 >= 1) {
    return { mean, scale, bias: base, weights: current.slice(0, size) };
  }
  if (start) current.set(start.weights);
  let value = evaluate(rows, current, l2);
  for (let step = 0; step < MAX_STEPS; step++) {
    const { gradient, hessian } = derive(rows, current, l2);
    if (gradient.every((slope) => Math.abs(slope) < TOLERANCE)) break;
    const direction = new CholeskyDecomposition(hessian)
      .solve(Matrix.columnVector(gradient)).to1DArray();
    let moved = false;
    for (let length = 1; length > 1e-6 && !moved; length /= 2) {
      const next = current.map((own, index) => own - length * (direction[index] as number));
      const reached = evaluate(rows, next, l2);
      if (reached < value) {
        [current, value, moved] = [next, reached, true];
      }
    }
    if (!moved) break;
  }
  return { mean, scale, bias: current[size] as number, weights: current.slice(0, size) };
}

/** Rows of positive weight, scaled, with a 1 at the end of each for the bias. */
interface Standardized {
  readonly width: number;
  readonly values: Float64Array;
  readonly labels: Uint8Array;
  /** Shares of the sum of weights. */
  readonly shares: Float64Array;
  /** Share of the rows with label 1. */
  readonly totalOf1: number;
}

function standardize(
  table: FeatureTable,
  labels: Uint8Array,
  weights: Float64Array,
): { rows: Standardized; mean: Float64Array; scale: Float64Array } {
  const size = table.names.length;
  const kept = Int32Array.from(weights, (_, row) => row).filter((row) => (weights[row] ?? 0) > 0);
  const total = kept.reduce((sum, row) => sum + (weights[row] as number), 0);
  const shares = Float64Array.from(kept, (row) => (weights[row] as number) / total);
  const mean = new Float64Array(size);
  const scale = new Float64Array(size);
  const eachValue = (visit: (value: number, column: number, index: number) => void) => {
    kept.forEach((row, index) => {
      rowOf(table, row).forEach((value, column) => visit(value, column, index));
    });
  };
  eachValue((value, column, index) => mean[column]! += value * shares[index]!);
  eachValue((value, column, index) => {
    scale[column]! += (value - mean[column]!) ** 2 * shares[index]!;
  });
  for (let column = 0; column < size; column++) {
    const deviation = Math.sqrt(scale[column] as number);
    scale[column] = deviation > 1e-9 ? deviation : 1;
  }
  const width = size + 1;
  const values = new Float64Array(kept.length * width).fill(1);
  eachValue((value, column, index) => {
    values[index * width + column] = (value - mean[column]!) / scale[column]!;
  });
  const ones = Uint8Array.from(kept, (row) => labels[row] as number);
  let totalOf1 = 0;
  ones.forEach((label, index) => totalOf1 += label * (shares[index] as number));
  // All of one label may sum to a little less than 1.
  if (!ones.includes(0)) totalOf1 = 1;
  return { rows: { width, values, labels: ones, shares, totalOf1 }, mean, scale };
}

function logOdds(share: number): number {
  const inside = Math.min(1 - LEAST_SHARE, Math.max(LEAST_SHARE, share));
  return Math.log(inside / (1 - inside));
}

function scoreAt({ width, values }: Standardized, index: number, current: Float64Array): number {
  let score = 0;
  const first = index * width;
  for (let column = 0; column < width; column++) {
    score += values[first + column]! * current[column]!;
  }
  return score;
}

function evaluate(rows: Standardized, current: Float64Array, l2: number): number {
  let total = 0;
  for (let column = 0; column < rows.width - 1; column++) total += l2 / 2 * current[column]! ** 2;
  for (let index = 0; index < rows.shares.length; index++) {
    const score = scoreAt(rows, index, current);
    total += rows.shares[index]! * softplus(rows.labels[index] ? -score : score);
  }
  return total;
}

/** log(1 + exp(x)) without overflow. */
export function softplus(x: number): number {
  return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
}

function derive(
  rows: Standardized,
  current: Float64Array,
  l2: number,
): { gradient: Float64Array; hessian: Matrix } {
  const { width, values, labels, shares } = rows;
  const gradient = new Float64Array(width);
  const products = new Float64Array(width * width);
  for (let index = 0; index < shares.length; index++) {
    const probability = 1 / (1 + Math.exp(-scoreAt(rows, index, current)));
    const slope = shares[index]! * (probability - labels[index]!);
    const bend = shares[index]! * probability * (1 - probability);
    const first = index * width;
    for (let row = 0; row < width; row++) {
      const value = values[first + row]!;
      gradient[row]! += slope * value;
      const scaled = bend * value;
      const at = row * width;
      for (let column = 0; column <= row; column++) {
        products[at + column]! += scaled * values[first + column]!;
      }
    }
  }
  const hessian = new Matrix(width, width);
  for (let row = 0; row < width; row++) {
    if (row < width - 1) gradient[row]! += l2 * current[row]!;
    for (let column = 0; column <= row; column++) {
      // A trace of curvature keeps the bias's own entry positive where all probabilities are 0 or 1.
      const own = products[row * width + column]! +
        (row === column ? row < width - 1 ? l2 : 1e-12 : 0);
      hessian.set(row, column, own);
      hessian.set(column, row, own);
    }
  }
  return { gradient, hessian };
}
