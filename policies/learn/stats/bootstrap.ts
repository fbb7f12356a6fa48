import { seededRandom } from "./random.ts";

/** Number of resamples behind an interval, unless given. */
export const REPLICATES = 1000;

/** Options of {@linkcode resampleMeans}. */
export interface ResampleOptions {
  /**
   * Number of resamples.
   *
   * @default REPLICATES
   */
  readonly replicates?: number | undefined;
  /** Seed of the random numbers. */
  readonly seed: number;
}

/**
 * Means of several series over the same resamples of the examples (the paired bootstrap: Efron and
 * Tibshirani 1993, chapter 8): a resample draws examples with replacement, and takes every series'
 * value for each.
 *
 * @param series The series, each of n values, one per example.
 * @param options See {@linkcode ResampleOptions}.
 * @returns For each series, its mean in every resample.
 * @throws {RangeError} If the series are of different lengths, or empty.
 */
export function resampleMeans(
  series: readonly Float64Array[],
  { replicates = REPLICATES, seed }: ResampleOptions,
): Float64Array[] {
  const n = series[0]?.length ?? 0;
  if (series.length > 0 && (n === 0 || series.some(({ length }) => length !== n))) {
    throw new RangeError(
      `Cannot resample: expected series of one length, got ${series.map(({ length }) => length)}`,
    );
  }
  const sparse = series.map(compress);
  const means = series.map(() => new Float64Array(replicates));
  const random = seededRandom(seed);
  const counts = new Uint32Array(n);
  for (let replicate = 0; replicate < replicates; replicate++) {
    counts.fill(0);
    for (let draw = 0; draw < n; draw++) {
      const row = random.below(n);
      counts[row] = (counts[row] as number) + 1;
    }
    sparse.forEach(({ usual, rows, excess }, index) => {
      let sum = 0;
      for (let entry = 0; entry < rows.length; entry++) {
        sum += (counts[rows[entry] as number] as number) * (excess[entry] as number);
      }
      (means[index] as Float64Array)[replicate] = usual + sum / n;
    });
  }
  return means;
}

/** A series as its most frequent value and where it differs: most losses are 0, most costs alike. */
interface Sparse {
  readonly usual: number;
  readonly rows: Int32Array;
  readonly excess: Float64Array;
}

function compress(values: Float64Array): Sparse {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  let usual = 0;
  for (const [value, count] of counts) if (count > (counts.get(usual) ?? 0)) usual = value;
  const rows = Int32Array.from(values.keys()).filter((row) => values[row] !== usual);
  return { usual, rows, excess: Float64Array.from(rows, (row) => (values[row] as number) - usual) };
}

/**
 * The percentile interval.
 *
 * @param replicates A figure's value in every resample.
 * @param confidence How sure, in (0, 1).
 * @returns Lower and upper end.
 */
export function percentileInterval(
  replicates: ArrayLike<number>,
  confidence = 0.95,
): [number, number] {
  const sorted = Float64Array.from(replicates).sort();
  const tail = (1 - confidence) / 2;
  return [quantile(sorted, tail), quantile(sorted, 1 - tail)];
}

/**
 * The value below which a share of the values lies, interpolated between neighbours.
 *
 * @param sorted Values in ascending order, one or more.
 * @param share In [0, 1].
 * @returns The quantile.
 */
export function quantile(sorted: Float64Array, share: number): number {
  const position = share * (sorted.length - 1);
  const below = sorted[Math.floor(position)] as number;
  const above = sorted[Math.ceil(position)] as number;
  return below === above ? below : below + (position - Math.floor(position)) * (above - below);
}

/**
 * The arithmetic mean.
 *
 * @param values One or more.
 * @returns Their mean.
 */
export function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/**
 * The standard error of the mean.
 *
 * @param values Independent values, two or more.
 * @returns The sample's standard deviation over √n; 0 for a single value.
 */
export function standardError(values: Float64Array): number {
  const center = mean(values);
  const squares = values.reduce((sum, value) => sum + (value - center) ** 2, 0);
  return values.length < 2 ? 0 : Math.sqrt(squares / (values.length - 1) / values.length);
}
