import { logitsAt } from "./loss.ts";
import { nextBelow } from "./next_below.ts";

/** A node's answers of which only the largest logits are kept: n rows, k logits in each. */
export interface CompactAnswers {
  /** Classes of the largest logits, n × k, row-major; the largest first, of equal ones the lower. */
  readonly top: Int32Array;
  /** Their logits, n × k, as they are stored. */
  readonly topLogits: Float32Array;
  /** Logarithm of the sum of exp(logit) over all classes, those in the top as stored; length n. */
  readonly logSumExp: Float64Array;
}

/** How far below the smallest logit that was kept the others are where they have no mass. */
const NO_MASS = 20;

/** What cannot be told from rounding, as a share of the largest probability. */
const ROUNDING = 1e-15;

/** Fewer logits than this are not kept: top-5 answers of pooled networks need more than five. */
const LEAST_TOP = 10;

/**
 * How few logits a compact trace may keep of each answer.
 *
 * @param classes Number of classes.
 * @returns The least k: 10, or all classes where there are fewer.
 */
export function leastTop(classes: number): number {
  return Math.min(LEAST_TOP, classes);
}

/**
 * Keeps the largest logits of every answer.
 *
 * @param logits n × classes, row-major, finite.
 * @param classes Number of classes.
 * @param k How many to keep, at most `classes`.
 * @param round Rounds the top of a row as it will be stored; must keep its order.
 * @returns What is kept, n × k.
 *
 * @example Ten of a thousand
 * ```ts
 * import { compact, expand } from "./compact.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const logits = Float32Array.from({ length: 1000 }, (_, index) => 50 - (index % 50));
 * const kept = compact(logits, 1000, 10);
 * assertEquals([...kept.top.subarray(0, 3)], [0, 50, 100]);
 * assertEquals(expand(kept, 1000)[100], 50);
 * ```
 */
export function compact(
  logits: Float32Array,
  classes: number,
  k: number,
  round: (top: Float32Array, row: number) => ArrayLike<number> = (top) => top,
): CompactAnswers {
  const count = logits.length / classes;
  const top = new Int32Array(count * k);
  const topLogits = new Float32Array(count * k);
  const logSumExp = new Float64Array(count);
  for (let row = 0; row < count; row++) {
    const own = logitsAt(logits, row, classes);
    const kept = largest(own, k);
    const stored = round(Float32Array.from(kept, (index) => own[index] as number), row);
    const rounded = own.slice();
    kept.forEach((index, place) => rounded[index] = stored[place] as number);
    top.set(kept, row * k);
    topLogits.set(stored, row * k);
    // Of the logits as stored: else their rounding would look like mass outside the top.
    logSumExp[row] = logSumExpOf(rounded);
  }
  return { top, topLogits, logSumExp };
}

/**
 * Restores every logit: those outside the top share what probability is left evenly, below the top.
 * The order in `top` is kept even where rounding has made logits equal: such a logit is moved down by
 * a bit of single precision.
 *
 * @param answers What was kept, n × k; checked by `checkCompact`.
 * @param classes Number of classes.
 * @returns Logits, n × classes, row-major, all finite.
 */
export function expand(
  { top, topLogits, logSumExp }: CompactAnswers,
  classes: number,
): Float32Array {
  const count = logSumExp.length;
  const k = top.length / count;
  const logits = new Float32Array(count * classes);
  for (let row = 0; row < count; row++) {
    const own = logitsAt(logits, row, classes);
    const stored = logitsAt(topLogits, row, k);
    const kept = inOrder(stored, top.subarray(row * k, (row + 1) * k));
    own.fill(restLogit(stored, logSumExp[row] as number, classes - k, kept[k - 1] as number));
    for (let place = 0; place < k; place++) own[top[row * k + place]!] = kept[place]!;
  }
  return logits;
}

/**
 * Adds up on the scale of exponents.
 *
 * @param logits One or more, finite.
 * @returns log Σ exp(logit).
 */
export function logSumExpOf(logits: Float32Array): number {
  let most = -Infinity;
  for (const logit of logits) most = Math.max(most, logit);
  return most + Math.log(sumOfExp(logits, most));
}

/** Classes of the `k` largest logits, the largest first, of equal ones the lower class. */
function largest(logits: Float32Array, k: number): number[] {
  // Sorting numbers alone is fast; classes are then sorted only among those that are large enough.
  const least = logits.slice().sort()[logits.length - k] as number;
  const candidates: number[] = [];
  logits.forEach((logit, index) => {
    if (logit >= least) candidates.push(index);
  });
  return candidates.sort((a, b) => logits[b]! - logits[a]! || a - b).slice(0, k);
}

/** Logits such that sorting them, the lower class first where they are equal, gives back their order. */
function inOrder(stored: Float32Array, classes: Int32Array): Float32Array {
  const kept = stored.slice();
  for (let place = 1; place < kept.length; place++) {
    const before = kept[place - 1] as number;
    const swapped = (classes[place] as number) < (classes[place - 1] as number);
    const most = swapped ? nextBelow(before) : before;
    if ((kept[place] as number) > most) kept[place] = most;
  }
  return kept;
}

/** The logit of each of `others` classes that share what the top leaves. */
function restLogit(
  stored: Float32Array,
  logSumExp: number,
  others: number,
  smallest: number,
): number {
  const most = stored[0] as number;
  const mass = Math.exp(logSumExp - most) - sumOfExp(stored, most);
  const even = mass > ROUNDING * stored.length
    ? most + Math.log(mass / others)
    : smallest - NO_MASS;
  // Strictly below, so that ranks in the top stay; at the very end of the range they are equal.
  return Math.min(even, nextBelow(smallest));
}

/** Σ exp(logit − shift). */
function sumOfExp(logits: Float32Array, shift: number): number {
  let sum = 0;
  for (const logit of logits) sum += Math.exp(logit - shift);
  return sum;
}
