/**
 * Fixed-sequence testing (Angelopoulos et al. 2021, *Learn then Test*, arXiv 2110.01052, §4.2): tests
 * settings in an order fixed before the data were seen, and stops at the first that fails. Where each
 * test lets a setting pass that it should not with a chance of at most δ, so does the whole sequence:
 * such a setting passes only if the first of its kind does.
 *
 * @param count Number of settings, from the safest to the fastest.
 * @param boundOf Upper confidence bound of the risk of a setting; asked in order, up to the first that
 * fails.
 * @param alpha The largest risk that is allowed.
 * @returns How many settings pass; they are the first ones.
 *
 * @example
 * ```ts
 * import { countPassing } from "./sequence.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const bounds = [0.002, 0.008, 0.012, 0.009];
 * assertEquals(countPassing(4, (index) => bounds[index]!, 0.01), 2);
 * ```
 */
export function countPassing(
  count: number,
  boundOf: (index: number) => number,
  alpha: number,
): number {
  let passing = 0;
  while (passing < count && boundOf(passing) <= alpha) passing++;
  return passing;
}
