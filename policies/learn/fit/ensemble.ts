import { type Combine, combineAnswers } from "../../combine.ts";
import { stateKey } from "../../base/evidence.ts";
import { LOSSES } from "../../losses.ts";
import { foldCount } from "../stats/folds.ts";
import { answersOf, excessOf, fullAnswers } from "../trace/loss.ts";
import { fitWeights } from "./ensemble_weights.ts";
import { at, unroll } from "./reduction/problem.ts";
import type { LossKind, Trace } from "../trace/types.ts";

/** Options of {@linkcode fitEnsemble}. */
export interface EnsembleOptions {
  /** The loss by which the full model is pooled with others, or answers alone. */
  readonly kind: LossKind;
  /** Fold of every row. */
  readonly fold: Uint8Array;
}

/**
 * Learns how to pool the answers along every path: weights of a logarithmic opinion pool by maximum
 * likelihood (Genest and Zidek 1986). Where the full model has run, the ensemble answers only if it loses
 * less than the full model alone on rows that its weights were not learned from, beyond chance; else
 * the last answers.
 *
 * @param trace The trace; without labels the full model's answers stand for them.
 * @param rows Rows to learn from, one or more.
 * @param options See {@linkcode EnsembleOptions}.
 * @returns The ensemble, its weights of four digits.
 */
export function fitEnsemble(
  trace: Trace,
  rows: Int32Array,
  { kind, fold }: EnsembleOptions,
): Exclude<Combine, string> {
  const labels = labelsOf(trace, rows);
  const paths = unroll(trace).filter((path) => path.length > 0);
  const weights = paths.flatMap((path): [string, readonly number[]][] => {
    const key = stateKey(path);
    const fit = (without?: number) => {
      const kept = (_: number, index: number) => fold[index] !== without;
      return fitWeights(trace, path, { rows: rows.filter(kept), labels: labels.filter(kept) });
    };
    const own: [string, readonly number[]] = [key, fit().map((value) => short(value))];
    if (path.at(-1) !== trace.full) return [own];
    if (path.length === 1) return [];
    const losses = foldLosses(trace, rows, { path, fold, kind, fit });
    // Beyond two standard errors, so that chance does not decide.
    const gain = -losses.reduce((sum, loss) => sum + loss, 0);
    return gain > 2 * Math.hypot(...losses) ? [own] : [];
  });
  return { weights: Object.fromEntries(weights) };
}

/**
 * Learns how likely each class is once every node has answered: the same ensemble, over all nodes.
 *
 * @param trace The trace.
 * @param rows Rows to learn from, one or more.
 * @returns A weight for every node of the trace, in its order.
 */
export function fitPosterior(trace: Trace, rows: Int32Array): readonly number[] {
  return fitWeights(trace, trace.nodes, { rows, labels: labelsOf(trace, rows) });
}

function labelsOf(trace: Trace, rows: Int32Array): Int32Array {
  const { labels } = trace;
  return labels ? rows.map((row) => labels[row] as number) : fullAnswers(trace, rows).answer;
}

/** An ensemble along a path, ready to be fitted without a fold. */
interface FoldedEnsemble extends EnsembleOptions {
  readonly path: readonly string[];
  /** Weights that no row of a fold was used for. */
  readonly fit: (without: number) => readonly number[];
}

/** Losses against the full model alone, each row judged by weights of the other folds. */
function foldLosses(
  trace: Trace,
  rows: Int32Array,
  { path, fold, kind, fit }: FoldedEnsemble,
): Float64Array {
  const ensembles = Array.from({ length: foldCount(fold) }, (_, leftOut): Combine => {
    return { weights: { [stateKey(path)]: fit(leftOut) } };
  });
  let index = 0;
  const answers = answersOf(trace, rows, (row) => {
    const ensemble = ensembles[fold[index++] as number] as Combine;
    return combineAnswers(ensemble, at(trace, row, path));
  });
  // Signed, as an ensemble may also be right where the full model is wrong.
  return excessOf(answers, fullAnswers(trace, rows), LOSSES[kind].signed);
}

function short(value: number): number {
  return Number(value.toPrecision(4));
}
