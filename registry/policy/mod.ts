/**
 * The live policy of a pair: versions, activation, canary, and the immutable snapshot that a request
 * takes at its start and finishes on.
 *
 * @example Every node has a built-in policy, which needs no document
 * ```ts
 * import { builtInPolicy } from "./mod.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const graph = {
 *   nodes: ["small", "large"],
 *   successors: { start: ["small"], small: ["large"], large: [] },
 *   full: "large",
 *   sources: {},
 * };
 * const { name, operatingPoint, choice } = builtInPolicy(graph, "always:large");
 * assertEquals([name, operatingPoint, choice], ["always:large", null, { always: "large" }]);
 * ```
 *
 * @module
 */

export { type ActivePolicyContext } from "./active_policy.ts";
export { type DryRunPoint, type DryRunResult } from "./dry_run_result.ts";
export { type CanarySnapshot } from "./live_canary.ts";
export { LivePolicy, type LivePolicyContext } from "./live_policy.ts";
export { type PointRequest } from "./operating_point.ts";
export { type Changed, type ChangeOptions, type FallBack } from "./policy_change.ts";
export { type PreparePolicyContext } from "./prepare_policy.ts";
export { builtInPolicy, type PolicySnapshot } from "./snapshot.ts";
export { type StoreFollowerContext } from "./store_follower.ts";
