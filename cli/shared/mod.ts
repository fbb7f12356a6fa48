/**
 * What commands and benchmarks have in common: progress, the machine, running and failing, numbers off
 * the command line.
 *
 * @example A number off the command line
 * ```ts
 * import { parseWholeNumber } from "./mod.ts";
 * import { assertEquals, assertThrows } from "@std/assert";
 *
 * assertEquals(parseWholeNumber("--seed", "7", 0, 100), 7);
 * assertThrows(() => parseWholeNumber("--seed", "-7", 0, 100), RangeError, "expected a whole number");
 * ```
 *
 * @module
 */

export { megabytes, round } from "./format.ts";
export { ifThere } from "./if_there.ts";
export { describeMachine, type Machine } from "./machine.ts";
export { type PluginFolders, pluginFolders } from "./plugin_folders.ts";
export { newBar, type Progress, startBar, type StartProgress } from "./progress.ts";
export { fail, messageOf, runMain } from "./run_main.ts";
export { sha256 } from "./sha256.ts";
export { parseWholeNumber } from "./whole_number.ts";
