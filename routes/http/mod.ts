/**
 * What every route uses, as far as others must know: the kinds of problems (RFC 9457) that answers name.
 *
 * @example A kind of problem
 * ```ts
 * import { KINDS, problemType } from "./mod.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(KINDS.queueFull.status, 503);
 * assertEquals(problemType(KINDS.queueFull), "urn:sluice:problem:queue-full");
 * ```
 *
 * @module
 */

export { type KindName, KINDS, type ProblemKind, problemType } from "./problem_kinds.ts";
