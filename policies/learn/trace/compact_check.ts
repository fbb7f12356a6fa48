import { type CompactAnswers, leastTop, logSumExpOf } from "./compact.ts";
import { logitsAt } from "./loss.ts";
import { TraceError } from "./trace_error.ts";

/**
 * Checks how many logits of each answer were kept.
 *
 * @param array Name of the array of their classes.
 * @param shape Its shape.
 * @param classes Number of classes.
 * @throws {TraceError} If there is no example, or k is too small or more than there are classes.
 */
export function checkTopSize(array: string, shape: readonly number[], classes: number): void {
  const [count = 0, k = 0] = shape;
  const least = leastTop(classes);
  if (shape.length === 2 && count >= 1 && k >= least && k <= classes) return;
  throw new TraceError(
    `expected [examples, k] with one example or more and k from ${least} to ${classes}, ` +
      `got [${shape.join(", ")}]`,
    { array },
  );
}

/**
 * Checks what a node's compact arrays hold.
 *
 * @param node The node.
 * @param answers Its arrays, whose shapes are checked already.
 * @param classes Number of classes.
 * @throws {TraceError} If the top of a row cannot be, or its sum does not fit; names array and row.
 */
export function checkCompact(node: string, answers: CompactAnswers, classes: number): void {
  const { top, topLogits, logSumExp } = answers;
  const k = top.length / logSumExp.length;
  // By class, the row in which it was last seen.
  const seenIn = new Int32Array(classes).fill(-1);
  for (let row = 0; row < logSumExp.length; row++) {
    const own = top.subarray(row * k, (row + 1) * k);
    const logits = logitsAt(topLogits, row, k);
    checkClasses(own, seenIn, { array: `top.${node}`, row });
    checkOrder(own, logits, { array: `top_logits.${node}`, row });
    const others = classes - k;
    checkSum(logits, others, logSumExp[row] as number, { array: `log_sum_exp.${node}`, row });
  }
}

/** A row of an array, for errors. */
interface Place {
  readonly array: string;
  readonly row: number;
}

function checkClasses(own: Int32Array, seenIn: Int32Array, place: Place): void {
  const classes = seenIn.length;
  for (const index of own) {
    if (index < 0 || index >= classes) {
      throw new TraceError(`expected a class from 0 to ${classes - 1}, got ${index}`, place);
    }
    if (seenIn[index] === place.row) {
      throw new TraceError(`expected every class once at most, got ${index} twice`, place);
    }
    seenIn[index] = place.row;
  }
}

function checkOrder(own: Int32Array, logits: Float32Array, place: Place): void {
  logits.forEach((logit, rank) => {
    const at = (index: number) => `${logits[index]} for class ${own[index]}`;
    if (!Number.isFinite(logit)) {
      throw new TraceError(`expected a finite number for class ${own[rank]}, got ${logit}`, place);
    }
    if (rank === 0 || logit <= (logits[rank - 1] as number)) return;
    const message = `expected the largest first, got ${at(rank)} after ${at(rank - 1)}`;
    throw new TraceError(message, place);
  });
}

/** The sum is at least that of the top, and at most what the others can add: all as the smallest. */
function checkSum(
  logits: Float32Array,
  others: number,
  logSumExp: number,
  place: Place,
): void {
  if (!Number.isFinite(logSumExp)) {
    throw new TraceError(`expected a finite number, got ${logSumExp}`, place);
  }
  const [largest, smallest] = [logits[0] as number, logits.at(-1) as number];
  const least = logSumExpOf(logits);
  const most = largest +
    Math.log(Math.exp(least - largest) + others * Math.exp(smallest - largest));
  // Two steps of float16, as the sum may be that of the logits before they were rounded.
  const rounding = 1e-3 + 2 ** -10 * Math.max(Math.abs(largest), Math.abs(smallest));
  if (logSumExp >= least - rounding && logSumExp <= most + rounding) return;
  const bound = logSumExp < least
    ? `at least ${show(least)}, as the top logits sum to that`
    : `at most ${show(most)}, as no other logit is above ${show(smallest)}`;
  throw new TraceError(`expected ${bound}, got ${show(logSumExp)}`, place);
}

function show(value: number): string {
  return `${Number(value.toPrecision(6))}`;
}
