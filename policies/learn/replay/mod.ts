/**
 * What a policy does on a trace, followed by the selectors that serve: cost, exit and answer of every
 * example; and the rows that it may be learned, certified and judged on.
 *
 * @example Always the small network
 * ```ts
 * import { alwaysSelector } from "../../mod.ts";
 * import { syntheticTrace } from "../../../tests/harness/generators/traces.ts";
 * import { allRows, simulate } from "./mod.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const trace = syntheticTrace({ count: 200 });
 * const outcome = simulate(trace, allRows(trace), alwaysSelector(["small"]), { policyMs: 0.01 });
 * assertEquals([outcome.cost.length, outcome.cost[0]], [200, 0.12 + 0.01]);
 * ```
 *
 * @module
 */

export { measureDecision } from "./decision_time.ts";
export * from "./judged.ts";
export * from "./levels.ts";
export * from "./metrics.ts";
export { oracleMethod } from "./oracle.ts";
export { costOfPath, runPoints } from "./run_points.ts";
export { allRows, simulate, type SimulateOptions } from "./simulate.ts";
export { type PartName, saySplit, type Split, splitHalves, splitRows } from "./split.ts";
