import type { Certificate } from "../../document.ts";
import type { Random } from "./random.ts";

/** How often a promise was kept over fresh draws. */
export interface Kept {
  /** Number of draws. */
  readonly draws: number;
  /** Draws in which something was promised at all. */
  readonly promising: number;
  /** Draws in which a setting got a certificate for less than its true risk. */
  readonly broken: number;
}

/**
 * Puts certificates to the proof: draws calibration data with replacement from a population whose mean
 * losses are therefore known, again and again, and counts how often a certificate is wrong.
 *
 * (Draws without replacement, judged on the rows left over, would blame correct certificates: the rest
 * of a finite sample errs the other way whenever the draw errs one way.)
 *
 * @param population Loss per row of the population for each setting, safest first.
 * @param certifyDraw Certifies the settings on a draw, as `certify` does.
 * @param options See {@linkcode DrawOptions}.
 * @returns The counts.
 */
export function countBroken(
  population: readonly Float64Array[],
  certifyDraw: (losses: Float64Array[]) => readonly (readonly Pick<Certificate, "alpha">[])[],
  options: DrawOptions,
): Kept {
  const size = population[0]?.length ?? 0;
  const risks = population.map((losses) => losses.reduce((sum, loss) => sum + loss, 0) / size);
  let promising = 0;
  const broken = countDraws(population, (drawn) => {
    const proofs = certifyDraw(drawn);
    if (proofs.some((list) => list.length > 0)) promising++;
    // A mean of thousands of numbers may be off in the last digits.
    return proofs.some((list, index) => {
      return list.some(({ alpha }) => (risks[index] as number) > alpha + 1e-12);
    });
  }, options);
  return { draws: options.draws, promising, broken };
}

/** Options of {@linkcode countDraws}. */
export interface DrawOptions {
  /** Rows of each draw. */
  readonly n: number;
  /** Number of draws. */
  readonly draws: number;
  /** Where the randomness comes from. */
  readonly random: Random;
}

/**
 * Counts the draws of which something is true.
 *
 * @param population Values per row for each setting.
 * @param isTrue Judges a draw: the settings' values on the same rows, drawn with replacement.
 * @param options See {@linkcode DrawOptions}.
 * @returns The number of draws.
 */
export function countDraws(
  population: readonly Float64Array[],
  isTrue: (drawn: Float64Array[]) => boolean,
  { n, draws, random }: DrawOptions,
): number {
  let count = 0;
  for (let draw = 0; draw < draws; draw++) {
    const rows = drawRows(population[0]?.length ?? 0, n, random);
    if (isTrue(population.map((values) => take(values, rows)))) count++;
  }
  return count;
}

/**
 * Draws rows with replacement.
 *
 * @param size Number of rows to draw from.
 * @param n Number of draws.
 * @param random The randomness.
 * @returns Indices of rows, length n.
 */
export function drawRows(size: number, n: number, random: Random): Int32Array {
  return Int32Array.from({ length: n }, () => random.below(size));
}

/**
 * Takes the values at given rows.
 *
 * @param values One per row.
 * @param rows Indices of rows, m of them.
 * @returns The values, length m.
 */
export function take(values: Float64Array, rows: Int32Array): Float64Array {
  return Float64Array.from(rows, (row) => values[row] as number);
}

/**
 * The largest count of failures that chance explains: the mean and two standard errors.
 *
 * @param delta Chance of a failure.
 * @param draws Number of draws.
 * @returns The count, rounded down.
 */
export function allowedFailures(delta: number, draws: number): number {
  return Math.floor(delta * draws + 2 * Math.sqrt(delta * (1 - delta) * draws));
}
