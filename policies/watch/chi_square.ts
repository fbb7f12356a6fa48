import jstat from "jstat";

/** What is used of jstat, which comes without types. */
interface Library {
  readonly chisquare: { cdf(x: number, freedom: number): number };
}

const library: Library = jstat;

/** What {@linkcode compareCounts} finds. */
export interface Comparison {
  /** Chance of a difference like this or larger where shares are the same; 0 below about 1e-15. */
  readonly pValue: number;
  /** Index of the bin whose share differs most, of its own standard error. */
  readonly moved: number;
}

/** Fewest observations that are expected in a bin, for the chi-square distribution to be near. */
const EXPECTED = 5;

/**
 * Compares shares of two samples: Pearson's chi-square test of homogeneity. Bins in which fewer than 5
 * observations of either sample are expected are merged with those after them.
 *
 * @param live Observations by bin; at least one in all.
 * @param trace The same bins of the other sample; at least one in all.
 * @returns The chance and the bin that moved.
 *
 * @example
 * ```ts
 * import { compareCounts } from "./chi_square.ts";
 * import { assert, assertEquals } from "@std/assert";
 *
 * const { pValue, moved } = compareCounts([41, 29, 30], [740, 130, 130]);
 * assert(pValue < 1e-9);
 * assertEquals(moved, 0);
 * ```
 */
export function compareCounts(live: readonly number[], trace: readonly number[]): Comparison {
  const liveTotal = sumOf(live);
  const traceTotal = sumOf(trace);
  const total = liveTotal + traceTotal;
  const least = EXPECTED * total / Math.min(liveTotal, traceTotal);

  let statistic = 0;
  const groups = mergeBins(live, trace, least);
  for (const [inLive, inTrace] of groups) {
    const both = inLive + inTrace;
    // Both samples' (observed − expected)² / expected.
    statistic += (inLive - both * liveTotal / total) ** 2 * total ** 2 /
      (both * liveTotal * traceTotal);
  }
  const freedom = groups.length - 1;
  const pValue = freedom === 0 ? 1 : Math.max(0, 1 - library.chisquare.cdf(statistic, freedom));

  let moved = 0;
  let largest = 0;
  live.forEach((count, bin) => {
    const share = (count + (trace[bin] as number)) / total;
    // The adjusted residual of Haberman 1973; in two bins it is the same, up to rounding.
    const difference = count / liveTotal - (trace[bin] as number) / traceTotal;
    const residual = Math.abs(difference) / Math.sqrt(share * (1 - share));
    if (residual > largest * (1 + 1e-9)) [moved, largest] = [bin, residual];
  });
  return { pValue, moved };
}

/** Groups of neighbours with so many observations of both samples, but the last may have more. */
function mergeBins(
  live: readonly number[],
  trace: readonly number[],
  least: number,
): [live: number, trace: number][] {
  const groups: [number, number][] = [];
  let rest: [number, number] = [0, 0];
  live.forEach((count, bin) => {
    rest = [rest[0] + count, rest[1] + (trace[bin] as number)];
    if (rest[0] + rest[1] < least) return;
    groups.push(rest);
    rest = [0, 0];
  });
  const last = groups.pop() ?? [0, 0];
  return [...groups, [last[0] + rest[0], last[1] + rest[1]]];
}

function sumOf(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}
