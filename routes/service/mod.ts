/**
 * What the server says of itself: links, health, metrics, `/openapi.json` and its page. A build takes
 * the files of the page along.
 *
 * @example The page needs a script and a style sheet
 * ```ts
 * import { DOCS_FILES } from "./mod.ts";
 * import { assert } from "@std/assert";
 *
 * assert(Object.keys(DOCS_FILES).some((name) => name.endsWith(".js")));
 * assert(Object.keys(DOCS_FILES).some((name) => name.endsWith(".css")));
 * ```
 *
 * @module
 */

export { DOCS_FILES } from "./docs_files.ts";
