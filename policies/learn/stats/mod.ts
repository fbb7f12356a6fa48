/**
 * Bounds and intervals as a statistics book has them: exact binomial and trinomial bounds, betting
 * bounds for means, the bootstrap, folds and seeded randomness. It knows nothing of policies.
 *
 * | what | source | used for |
 * |---|---|---|
 * | {@linkcode upperBoundBinomial} | Clopper and Pearson 1934 | losses of 0 and 1, disagreement |
 * | trinomial bound | exact, by inversion | signed losses |
 * | {@linkcode upperBoundWsr} | Waudby-Smith and Ramdas 2024 | mean cost |
 * | {@linkcode resampleMeans} | Efron and Tibshirani 1993 | paired intervals of reports |
 *
 * @example No error in 300 examples
 * ```ts
 * import { upperBoundBinomial } from "./mod.ts";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * assertAlmostEquals(upperBoundBinomial(0, 300, 0.05), 0.00994, 1e-5);
 * ```
 *
 * @module
 */

export { upperBoundBinomial } from "./binomial.ts";
export * from "./bootstrap.ts";
export * from "./folds.ts";
export * from "./numbers.ts";
export { type Random, seededRandom, shuffle } from "./random.ts";
export * from "./resample.ts";
export { upperBoundWsr, type WsrOptions } from "./wsr.ts";
