/**
 * Finite-sample certificates: with a chance of at least 1 − δ over the draw of the calibration data, the
 * mean loss of every point stays within the level of every certificate that it has.
 *
 * | statement | bound | over several points or levels |
 * |---|---|---|
 * | mean loss, 0 or 1 | exact binomial (Clopper and Pearson 1934) | fixed-sequence testing, δ / levels (Learn then Test, arXiv 2110.01052) |
 * | mean signed loss | exact trinomial | the same |
 * | mean cost | betting (Waudby-Smith and Ramdas 2024) | δ / points |
 * | disagreement | exact binomial | δ / points |
 *
 * @example 4 errors in 1000 prove 1%, 5 do not
 * ```ts
 * import { certify } from "./mod.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const errors = (count: number) => Float64Array.from({ length: 1000 }, (_, row) => +(row < count));
 * const proofs = certify([errors(4), errors(5)], "top1", { alphas: [0.01], delta: 0.05 });
 * assertEquals(proofs.map((list) => list.map(({ alpha }) => alpha)), [[0.01], []]);
 * ```
 *
 * @module
 */

export { certify, type CertifyOptions } from "./certify.ts";
export { certifyFamily, type CertifyFamilyOptions, type PointProofs } from "./certify_family.ts";
export { costRange } from "./cost_range.ts";
