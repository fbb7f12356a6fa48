import { CholeskyDecomposition, Matrix } from "ml-matrix";
import { logitsAt } from "../trace/loss.ts";
import type { Trace } from "../trace/types.ts";
import { likelyClasses } from "./likely_classes.ts";

/** Pulls the weights towards 0, per row, so that they stay finite where answers are never wrong. */
const RIDGE = 1e-4;
const MAX_STEPS = 30;
const TOLERANCE = 1e-8;

/** What the weights of an ensemble are learned from. */
export interface EnsembleRows {
  /** Rows of the trace, m of them. */
  readonly rows: Int32Array;
  /** Index of the right class of each, length m. */
  readonly labels: Int32Array;
}

/**
 * Learns the weights of a logarithmic opinion pool by maximum likelihood (Genest and Zidek 1986):
 * class c has a probability proportional to exp(Σ weightᵢ · logitᵢ(c)). Newton's method; the negative
 * log-likelihood is convex in the weights.
 *
 * @param trace The trace.
 * @param path The nodes whose answers are pooled, d of them.
 * @param data See {@linkcode EnsembleRows}.
 * @returns A weight for every node of the path, length d.
 */
export function fitWeights(trace: Trace, path: readonly string[], data: EnsembleRows): number[] {
  const answers: EnsembleAnswers = {
    ...data,
    classes: trace.classes,
    logits: path.map((node) => trace.logits[node] as Float32Array),
    likely: likelyClasses(trace),
  };
  let weights: number[] = path.map(() => 1 / path.length);
  let state = derive(answers, weights);
  for (let step = 0; step < MAX_STEPS; step++) {
    if (state.gradient.every((slope) => Math.abs(slope) < TOLERANCE)) break;
    const direction = new CholeskyDecomposition(state.hessian)
      .solve(Matrix.columnVector(state.gradient)).to1DArray();
    let moved = false;
    for (let length = 1; length > 1e-6 && !moved; length /= 2) {
      const next = weights.map((own, node) => own - length * (direction[node] as number));
      const reached = derive(answers, next);
      if (reached.value < state.value) [weights, state, moved] = [next, reached, true];
    }
    if (!moved) break;
  }
  return weights;
}

interface EnsembleAnswers extends EnsembleRows {
  readonly classes: number;
  /** By node of the path, row-major over all rows of the trace. */
  readonly logits: readonly Float32Array[];
  /** By row of the trace, the classes that are looked at. */
  readonly likely: readonly Int32Array[];
}

/** The mean negative log-likelihood with the ridge, and how it changes with the weights. */
interface Derivatives {
  readonly value: number;
  /** Length d. */
  readonly gradient: Float64Array;
  /** d × d. */
  readonly hessian: Matrix;
}

function derive(answers: EnsembleAnswers, weights: readonly number[]): Derivatives {
  const size = weights.length;
  const count = answers.rows.length;
  const sums = startSums(size, answers.classes);
  let value = 0;
  for (let index = 0; index < count; index++) value += addRow(sums, answers, weights, index);
  const { gradient, products } = sums;
  const hessian = new Matrix(size, size);
  for (let row = 0; row < size; row++) {
    value += RIDGE / 2 * count * weights[row]! ** 2;
    gradient[row]! += RIDGE * count * weights[row]!;
    gradient[row]! /= count;
    for (let column = 0; column <= row; column++) {
      const bend = products[row * size + column]! / count + (row === column ? RIDGE : 0);
      hessian.set(row, column, bend);
      hessian.set(column, row, bend);
    }
  }
  return { value: value / count, gradient, hessian };
}

/** Sums over rows, and room for what is computed of one row. */
interface Sums {
  readonly gradient: Float64Array;
  /** The lower triangle of the second derivatives, d × d. */
  readonly products: Float64Array;
  /** By class. */
  readonly scores: Float64Array;
  /** Of one row's logits under the ensemble's probabilities, not yet divided by their total. */
  readonly mean: Float64Array;
  /** The same of their products, lower triangle. */
  readonly second: Float64Array;
}

function startSums(size: number, classes: number): Sums {
  return {
    gradient: new Float64Array(size),
    products: new Float64Array(size * size),
    scores: new Float64Array(classes),
    mean: new Float64Array(size),
    second: new Float64Array(size * size),
  };
}

/** Adds the derivatives of a row; its negative log-likelihood. */
function addRow(
  { gradient, products, scores, mean, second }: Sums,
  { rows, labels, classes, logits, likely }: EnsembleAnswers,
  weights: readonly number[],
  index: number,
): number {
  const size = weights.length;
  const row = rows[index] as number;
  const own = logits.map((values) => logitsAt(values, row, classes));
  const choices = likely[row] as Int32Array;
  const label = labels[index] as number;
  let largest = -Infinity;
  for (const choice of choices) {
    let score = 0;
    for (let node = 0; node < size; node++) score += weights[node]! * own[node]![choice]!;
    scores[choice] = score;
    if (score > largest) largest = score;
  }
  let total = 0;
  mean.fill(0);
  second.fill(0);
  for (const choice of choices) {
    const weight = Math.exp(scores[choice]! - largest);
    total += weight;
    for (let row = 0; row < size; row++) {
      const scaled = weight * own[row]![choice]!;
      mean[row]! += scaled;
      for (let column = 0; column <= row; column++) {
        second[row * size + column]! += scaled * own[column]![choice]!;
      }
    }
  }
  for (let row = 0; row < size; row++) {
    const expected = mean[row]! / total;
    gradient[row]! += expected - own[row]![label]!;
    for (let column = 0; column <= row; column++) {
      products[row * size + column]! += second[row * size + column]! / total -
        expected * mean[column]! / total;
    }
  }
  return Math.log(total) + largest - scores[label]!;
}
