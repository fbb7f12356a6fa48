/**
 * The figures of the docs: regions between markers, each written by one function from what was measured,
 * and the picture of the cascade.
 *
 * @example A region of a document
 * ```ts
 * import { replaceRegion } from "./mod.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const text = "before\n<!-- speed -->\nold\n<!-- /speed -->\nafter\n";
 * assertEquals(
 *   replaceRegion(text, "speed", "5.9×"),
 *   "before\n<!-- speed -->\n5.9×\n<!-- /speed -->\nafter\n",
 * );
 * ```
 *
 * @module
 */

export { CASCADE_FILE, drawMeasuredCascade } from "./cascade.ts";
export { replaceRegion } from "./region.ts";
export { type Region, REGIONS } from "./regions.ts";
