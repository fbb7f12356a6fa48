import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";

/** Random numbers that a seed determines. */
export interface Random {
  /** Draws a number from [0, 1). */
  uniform(): number;
  /**
   * Draws an integer from [0, limit).
   *
   * @param limit One more than the largest, a positive integer.
   */
  below(limit: number): number;
  /** Draws from the normal distribution of mean 0 and variance 1. */
  normal(): number;
}

/**
 * Starts a sequence of random numbers (xoroshiro128+ of the package `pure-rand`).
 *
 * @param seed An integer; 32 bits of it count.
 * @returns The sequence, the same for the same seed on every machine.
 *
 * @example
 * ```ts
 * import { seededRandom } from "./random.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(seededRandom(7).below(1000), seededRandom(7).below(1000));
 * ```
 */
export function seededRandom(seed: number): Random {
  const generator = xoroshiro128plus(seed);
  const uniform = () => uniformFloat64(generator);
  return {
    uniform,
    below: (limit) => uniformInt(generator, 0, limit - 1),
    // Box and Muller 1958; 1 − u is never 0.
    normal: () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform()),
  };
}

/**
 * Shuffles in place (Fisher and Yates).
 *
 * @param values What to shuffle.
 * @param random Where the randomness comes from.
 * @returns The same array.
 */
export function shuffle<T extends Int32Array | unknown[]>(values: T, random: Random): T {
  const list = values as unknown[];
  for (let last = list.length - 1; last > 0; last--) {
    const other = random.below(last + 1);
    [list[last], list[other]] = [list[other], list[last]];
  }
  return values;
}
