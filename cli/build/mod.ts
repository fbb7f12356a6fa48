/**
 * What `deno task build` makes, as far as others must know: the command that serves it.
 *
 * @example The command for a folder
 * ```ts
 * import { startLine } from "./mod.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(
 *   startLine("dist"),
 *   'deno run --allow-net --allow-read=dist "--allow-env=PORT,HOST,SLUICE_*,DENO_DEPLOY*" dist/main.js',
 * );
 * ```
 *
 * @module
 */

export { startCommand, startLine } from "./start_command.ts";
