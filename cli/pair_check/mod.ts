/**
 * `deno task pair:check` as functions: find a plugin, load and run it, and say what is wrong with it.
 *
 * @example A plugin is found by the name of its pair
 * ```ts
 * import { findPlugin } from "./mod.ts";
 * import { assertEquals, assertRejects } from "@std/assert";
 *
 * const plugins = new URL("../../registry/plugins/", import.meta.url);
 * const { pair } = await findPlugin("fashion-mnist", [plugins]);
 * assertEquals(Object.keys(pair.models), ["small", "medium", "large"]);
 * await assertRejects(() => findPlugin("no-such-pair", [plugins]), Error, "no-such-pair");
 * ```
 *
 * @module
 */

export { type CheckedNode, type CheckedPair, checkPair } from "./check_pair.ts";
export { findPlugin } from "./find_plugin.ts";
export { type Finding } from "./finding.ts";
