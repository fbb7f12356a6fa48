import { LOSS_KINDS, LOSSES, type RankedAnswer } from "../../losses.ts";
import type { LossKind, Outcome, Trace } from "./types.ts";

/** Whether an answer is right, per row. */
export interface Answers {
  /** Top class. */
  readonly answer: Int32Array;
  /** 1 where the right class is the top class; 0 without labels. */
  readonly right: Uint8Array;
  /** How many classes score higher than the right one; `Infinity` without labels. */
  readonly rank: Float64Array;
}

/** Row `row` of a row-major matrix of logits, without a copy. */
export function logitsAt(logits: Float32Array, row: number, classes: number): Float32Array {
  return logits.subarray(row * classes, (row + 1) * classes);
}

/**
 * Judges one answer.
 *
 * @param scores One per class.
 * @param label Index of the right class; `undefined` where it is not known.
 * @returns The top class, the first of those that tie; and how many classes score higher than the
 * right one, ties before it included; `Infinity` where it is not known.
 */
export function judge(
  scores: Float32Array,
  label: number | undefined,
): RankedAnswer {
  let answer = 0;
  for (let index = 1; index < scores.length; index++) {
    if ((scores[index] as number) > (scores[answer] as number)) answer = index;
  }
  if (label === undefined) return { answer, rank: Infinity };
  const own = scores[label] as number;
  let rank = 0;
  for (let index = 0; index < scores.length; index++) {
    const score = scores[index] as number;
    if (score > own || (score === own && index < label)) rank++;
  }
  return { answer, rank };
}

/**
 * The full model's answers, run alone: what the user would have without Sluice.
 *
 * @param trace The trace.
 * @param rows Rows of the trace.
 * @returns The answers, in the order of the rows.
 */
export function fullAnswers(trace: Trace, rows: Int32Array): Answers {
  const logits = trace.logits[trace.full] as Float32Array;
  return answersOf(trace, rows, (row) => logitsAt(logits, row, trace.classes));
}

/**
 * Judges an answer per row.
 *
 * @param trace The trace, for its labels.
 * @param rows Rows of the trace.
 * @param scoresOf Gives the scores of a row of the trace, one per class.
 * @returns The answers, in the order of the rows.
 */
export function answersOf(
  trace: Trace,
  rows: Int32Array,
  scoresOf: (row: number) => Float32Array,
): Answers {
  const answer = new Int32Array(rows.length);
  const right = new Uint8Array(rows.length);
  const rank = new Float64Array(rows.length);
  rows.forEach((row, index) => {
    const judged = judge(scoresOf(row), trace.labels?.[row]);
    answer[index] = judged.answer;
    right[index] = Number(judged.rank < 1);
    rank[index] = judged.rank;
  });
  return { answer, right, rank };
}

/**
 * Loss of answers against the full model's, run alone.
 *
 * @param answers The adaptive answers.
 * @param full The full model's answers to the same rows.
 * @param kind What counts as a loss.
 * @returns The loss per row, in [−1, 1].
 */
export function excessOf(answers: Answers, full: Answers, kind: LossKind): Float64Array {
  const { of } = LOSSES[kind];
  const at = ({ answer, rank }: Answers, row: number): RankedAnswer => {
    return { answer: answer[row] as number, rank: rank[row] as number };
  };
  const loss = new Float64Array(answers.answer.length);
  for (let row = 0; row < loss.length; row++) loss[row] = of(at(answers, row), at(full, row));
  return loss;
}

/**
 * Loss of a policy against the full model run alone.
 *
 * @param trace The trace.
 * @param rows Rows of the trace.
 * @param outcome What the policy does on the same rows, from `simulate`.
 * @param kind What counts as a loss.
 * @returns The loss per row, in [−1, 1].
 * @throws {TypeError} If the loss needs labels and the trace has none.
 */
export function lossOf(
  trace: Trace,
  rows: Int32Array,
  outcome: Outcome,
  kind: LossKind,
): Float64Array {
  requireLabels(trace, kind);
  return excessOf(outcome, fullAnswers(trace, rows), kind);
}

/**
 * Refuses a loss that cannot be computed.
 *
 * @param trace The trace.
 * @param kind What counts as a loss.
 * @throws {TypeError} If the loss needs labels and the trace has none.
 */
export function requireLabels(trace: Trace, kind: LossKind): void {
  if (trace.labels || !LOSSES[kind].needsLabels) return;
  const others = LOSS_KINDS.filter((own) => !LOSSES[own].needsLabels).join(", ");
  throw new TypeError(
    `Cannot compute the loss ${kind}: the trace of ${trace.pair} has no labels, ` +
      `expected them, or the loss ${others}`,
  );
}
