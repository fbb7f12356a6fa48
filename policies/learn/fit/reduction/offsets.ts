/** Reached by no score, or by every one: the largest number that documents allow. */
export const TAKE_NONE = 1e9;

/** Reached by every score. */
export const TAKE_ALL: number = -TAKE_NONE;

/** What {@linkcode findThreshold} found. */
export interface FoundThreshold {
  /** The action is taken where the score is at least this. */
  readonly threshold: number;
  /** Sum of the differences of the rows that take it. */
  readonly total: number;
}

/**
 * Sorts rows by score.
 *
 * @param scores One per row, finite.
 * @returns Rows, the highest score first; those that tie in ascending order.
 */
export function orderByScore(scores: Float64Array): Int32Array {
  const order = Int32Array.from(scores, (_, row) => row);
  return order.sort((a, b) => (scores[b] as number) - (scores[a] as number) || a - b);
}

/**
 * Finds the threshold of least weighted 0/1 cost, exactly: the sum of the differences of the rows
 * whose score reaches it is the smallest of all thresholds. Of several the lowest is taken, which
 * is the cheaper action. Rows of weight 0 change nothing.
 *
 * @param scores One per row.
 * @param order Rows as {@linkcode orderByScore} gives them.
 * @param difference What taking the action costs more than leaving it, one per row.
 * @param counts Only rows with 1 count; all if not given.
 * @returns The threshold, half-way between neighbouring scores; {@linkcode TAKE_ALL} if all rows take
 * the action and {@linkcode TAKE_NONE} if none does.
 */
export function findThreshold(
  scores: Float64Array,
  order: Int32Array,
  difference: Float64Array,
  counts?: Uint8Array,
): FoundThreshold {
  let total = 0;
  let least = 0;
  let threshold = TAKE_NONE;
  let before = NaN;
  for (let index = 0; index < order.length; index++) {
    const row = order[index]!;
    const weight = difference[row]!;
    if (weight === 0 || (counts && counts[row] === 0)) continue;
    const score = scores[row]!;
    // A cut lies between two different scores only.
    if (score < before && total <= least) {
      least = total;
      threshold = between(score, before);
    }
    total += weight;
    before = score;
  }
  return total <= least ? { threshold: TAKE_ALL, total } : { threshold, total: least };
}

/** A number above `low` and at most `high`, half-way where rounding allows. */
function between(low: number, high: number): number {
  const middle = low + (high - low) / 2;
  return middle > low ? middle : high;
}

/**
 * Which rows take an action.
 *
 * @param scores One per row.
 * @param threshold What the score must reach.
 * @returns 1 for every row that does.
 */
export function reaching(scores: Float64Array, threshold: number): Uint8Array {
  const taken = new Uint8Array(scores.length);
  for (let row = 0; row < scores.length; row++) if (scores[row]! >= threshold) taken[row] = 1;
  return taken;
}
