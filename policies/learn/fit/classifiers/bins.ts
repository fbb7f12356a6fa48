import type { FeatureTable } from "./feature_table.ts";

/** Features in bins, for histograms. */
export interface Binned {
  /** Number of rows. */
  readonly count: number;
  /** For each feature where bins meet: a value goes right of every cut that it reaches. */
  readonly cuts: readonly Float64Array[];
  /** For each feature the bin of every row: the number of cuts that its value reaches. */
  readonly bins: readonly Uint8Array[];
}

const MAX_BINS = 32;

/**
 * Sorts the values of each feature into bins of about as many rows each.
 *
 * @param table Features.
 * @param counts Rows with 1 decide where the cuts are.
 * @returns The bins of all rows.
 */
export function binFeatures(table: FeatureTable, counts: Uint8Array): Binned {
  const size = table.names.length;
  const columns = table.names.map((_, column) =>
    Float64Array.from({ length: table.count }, (_, row) => table.values[row * size + column]!)
  );
  const cuts = columns.map((column) => findCuts(column.filter((_, row) => counts[row]).sort()));
  const bins = columns.map((column, index) =>
    Uint8Array.from(column, (value) => binOf(value, cuts[index] as Float64Array))
  );
  return { count: table.count, cuts, bins };
}

function findCuts(sorted: Float64Array): Float64Array {
  const cuts: number[] = [];
  for (let bin = 1; bin < MAX_BINS; bin++) {
    const at = Math.round(bin * sorted.length / MAX_BINS);
    const value = sorted[at];
    if (value === undefined || at === 0) continue;
    // The next smaller value, whatever its rank.
    let below = at - 1;
    while (below >= 0 && sorted[below] === value) below--;
    if (below < 0) continue;
    const cut = shortBetween(sorted[below] as number, value);
    if (cut > (cuts.at(-1) ?? -Infinity)) cuts.push(cut);
  }
  return Float64Array.from(cuts);
}

function binOf(value: number, cuts: Float64Array): number {
  let low = 0;
  let high = cuts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (value < cuts[middle]!) high = middle;
    else low = middle + 1;
  }
  return low;
}

/**
 * A number between two others with few digits, so that documents stay small.
 *
 * @param low The lower number.
 * @param high The higher number.
 * @returns A number above `low` and at most `high`.
 */
export function shortBetween(low: number, high: number): number {
  const middle = low + (high - low) / 2;
  for (let digits = 3; digits < 17; digits++) {
    const short = Number(middle.toPrecision(digits));
    if (short > low && short <= high) return short;
  }
  return high;
}
