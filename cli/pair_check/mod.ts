/**
 * `deno task pair:check` as functions: find a plugin, load and run it, and say what is wrong with it.
 *
 * @example A pair that ships has nothing to find
 * ```ts
 * import { checkPair, findPlugin } from "./mod.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const plugins = new URL("../../registry/plugins/", import.meta.url);
 * const { pair, findings } = await checkPair(await findPlugin("fashion-mnist", [plugins]));
 * assertEquals([pair.name, findings], ["fashion-mnist", []]);
 * ```
 *
 * @module
 */

export { type CheckedNode, type CheckedPair, checkPair } from "./check_pair.ts";
export { findPlugin } from "./find_plugin.ts";
export { type Finding } from "./finding.ts";
