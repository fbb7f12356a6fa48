import { CholeskyDecomposition, Matrix } from "ml-matrix";
import { type Combine, combineAnswers } from "../../combine.ts";
import { stateKey } from "../../evidence.ts";
import { LOSSES } from "../../losses.ts";
import { foldCount } from "../stats/folds.ts";
import { likelyClasses } from "./likely_classes.ts";
import { answersOf, excessOf, fullAnswers, logitsAt } from "../trace/loss.ts";
import { at, unroll } from "./problem.ts";
import type { LossKind, Trace } from "../trace/types.ts";

/** Options of {@linkcode fitEnsemble}. */
export interface FitPoolOptions {
  /** The loss by which the full model is pooled with others, or answers alone. */
  readonly kind: LossKind;
  /** Fold of every row. */
  readonly fold: Uint8Array;
}

/** Pulls the weights towards 0, per row, so that they stay finite where answers are never wrong. */
const RIDGE = 1e-4;
const MAX_STEPS = 30;
const TOLERANCE = 1e-8;

/**
 * Learns how to pool the answers along every path: weights of a logarithmic opinion pool by maximum
 * likelihood (Genest and Zidek 1986). Where the full model has run, the pool answers only if it loses
 * less than the full model alone on rows that its weights were not learned from, beyond chance; else the last answers.
 *
 * @param trace The trace; without labels the full model's answers stand for them.
 * @param rows Rows to learn from, one or more.
 * @param options See {@linkcode FitPoolOptions}.
 * @returns The pool, its weights of four digits.
 */
export function fitEnsemble(
  trace: Trace,
  rows: Int32Array,
  { kind, fold }: FitPoolOptions,
): Exclude<Combine, string> {
  const labels = labelsOf(trace, rows);
  const paths = unroll(trace).filter((path) => path.length > 0);
  const weights = paths.flatMap((path): [string, readonly number[]][] => {
    const key = stateKey(path);
    const fit = (without?: number) => {
      const kept = (_: number, index: number) => fold[index] !== without;
      return fitWeights(trace, rows.filter(kept), path, labels.filter(kept));
    };
    const own: [string, readonly number[]] = [key, fit().map((value) => short(value))];
    if (path.at(-1) !== trace.full) return [own];
    if (path.length === 1) return [];
    const losses = foldLosses(trace, rows, path, fold, kind, fit);
    // Beyond two standard errors, so that chance does not pool.
    const gain = -losses.reduce((sum, loss) => sum + loss, 0);
    return gain > 2 * Math.hypot(...losses) ? [own] : [];
  });
  return { weights: Object.fromEntries(weights) };
}

/**
 * Learns how likely each class is once every node has answered: the same pool, over all nodes.
 *
 * @param trace The trace.
 * @param rows Rows to learn from, one or more.
 * @returns A weight for every node of the trace, in its order.
 */
export function fitPosterior(trace: Trace, rows: Int32Array): readonly number[] {
  return fitWeights(trace, rows, trace.nodes, labelsOf(trace, rows));
}

function labelsOf(trace: Trace, rows: Int32Array): Int32Array {
  const { labels } = trace;
  return labels ? rows.map((row) => labels[row] as number) : fullAnswers(trace, rows).answer;
}

/** Losses against the full model alone, each row judged by weights of the other folds. */
function foldLosses(
  trace: Trace,
  rows: Int32Array,
  path: readonly string[],
  fold: Uint8Array,
  kind: LossKind,
  fit: (without: number) => readonly number[],
): Float64Array {
  const ensembles = Array.from({ length: foldCount(fold) }, (_, leftOut): Combine => {
    return { weights: { [stateKey(path)]: fit(leftOut) } };
  });
  let index = 0;
  const answers = answersOf(trace, rows, (row) => {
    const ensemble = ensembles[fold[index++] as number] as Combine;
    return combineAnswers(ensemble, at(trace, row, path));
  });
  // Signed, as a pool may also be right where the full model is wrong.
  return excessOf(answers, fullAnswers(trace, rows), LOSSES[kind].signed);
}

/** Maximum likelihood by Newton's method: convex in the weights. */
function fitWeights(
  trace: Trace,
  rows: Int32Array,
  path: readonly string[],
  labels: Int32Array,
): number[] {
  const matrices = path.map((node) => trace.logits[node] as Float32Array);
  const likely = likelyClasses(trace);
  let weights: number[] = path.map(() => 1 / path.length);
  let state = derive(weights);
  for (let step = 0; step < MAX_STEPS; step++) {
    if (state.gradient.every((slope) => Math.abs(slope) < TOLERANCE)) break;
    const direction = new CholeskyDecomposition(state.hessian)
      .solve(Matrix.columnVector(state.gradient)).to1DArray();
    let moved = false;
    for (let length = 1; length > 1e-6 && !moved; length /= 2) {
      const next = weights.map((own, node) => own - length * (direction[node] as number));
      const reached = derive(next);
      if (reached.value < state.value) [weights, state, moved] = [next, reached, true];
    }
    if (!moved) break;
  }
  return weights;

  function derive(current: readonly number[]) {
    const size = current.length;
    let value = 0;
    const gradient = new Float64Array(size);
    const products = new Float64Array(size * size);
    const scores = new Float64Array(trace.classes);
    const mean = new Float64Array(size);
    for (let index = 0; index < rows.length; index++) {
      const row = rows[index] as number;
      const own = matrices.map((logits) => logitsAt(logits, row, trace.classes));
      const choices = likely[row] as Int32Array;
      const label = labels[index] as number;
      const score = (choice: number) => {
        let sum = 0;
        for (let node = 0; node < size; node++) sum += current[node]! * own[node]![choice]!;
        return sum;
      };
      let largest = -Infinity;
      for (const choice of choices) {
        scores[choice] = score(choice);
        if (scores[choice]! > largest) largest = scores[choice]!;
      }
      let total = 0;
      mean.fill(0);
      const second = new Float64Array(size * size);
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
      value += Math.log(total) + largest - scores[label]!;
      for (let row = 0; row < size; row++) {
        const expected = mean[row]! / total;
        gradient[row]! += expected - own[row]![label]!;
        for (let column = 0; column <= row; column++) {
          products[row * size + column]! += second[row * size + column]! / total -
            expected * mean[column]! / total;
        }
      }
    }
    const hessian = new Matrix(size, size);
    for (let row = 0; row < size; row++) {
      value += RIDGE / 2 * rows.length * current[row]! ** 2;
      gradient[row]! += RIDGE * rows.length * current[row]!;
      gradient[row]! /= rows.length;
      for (let column = 0; column <= row; column++) {
        const bend = products[row * size + column]! / rows.length + (row === column ? RIDGE : 0);
        hessian.set(row, column, bend);
        hessian.set(column, row, bend);
      }
    }
    return { value: value / rows.length, gradient, hessian };
  }
}

function short(value: number): number {
  return Number(value.toPrecision(4));
}
