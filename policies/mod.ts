/**
 * Which way an input goes: policy documents, and the selectors that they become. A document goes
 * through {@linkcode parsePolicy}, {@linkcode bindPolicy} and {@linkcode compileSelector}.
 *
 * @example From a document to the way of an input
 * ```ts
 * import { bindPolicy, compileSelector, parsePolicy } from "./mod.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const sha256 = { small: "a".repeat(64), large: "b".repeat(64) };
 * const policy = bindPolicy(
 *   parsePolicy(JSON.stringify({
 *     pair: "digits",
 *     models: sha256,
 *     nodes: {
 *       small: { class: "threshold", temperature: 1, actions: ["exit", "large"], feature: "margin", direction: "at_least" },
 *     },
 *     points: [{ id: "p1", nodes: { small: { thresholds: [0.5] } } }],
 *     active: "p1",
 *     provenance: { method: "by hand", n: 0 },
 *   })),
 *   {
 *     pair: "digits",
 *     models: sha256,
 *     successors: { start: ["small"], small: ["large"], large: [] },
 *   },
 * );
 * const selector = compileSelector(policy, "p1");
 * const decide = (...logits: number[]) =>
 *   selector.decide("small", { path: ["small"], logits: new Map([["small", Float32Array.from(logits)]]) });
 * assertEquals([decide(4, 0), decide(1, 0.9)], ["exit", "large"]);
 * ```
 *
 * @module
 */

export { bindPolicy, type BoundPolicy, type PolicyTarget } from "./bind.ts";
export { type Combine, combineAnswers } from "./combine.ts";
export * from "./document.ts";
export { dryRun, type PointPaths, type RecordedEvidence } from "./dry_run.ts";
export { PolicyError, type PolicyStage, show } from "./base/errors.ts";
export { expectation } from "./base/expectation.ts";
export { type Evidence, START } from "./base/evidence.ts";
export {
  alwaysBefore,
  GraphError,
  type GraphLists,
  type OrderedGraph,
  orderGraph,
} from "./base/graph_order.ts";
export { type Loss, LOSS_KINDS, LOSSES, type RankedAnswer, rankIn } from "./losses.ts";
export { parsePolicy, validatePolicy } from "./parse.ts";
export { parseFactor, parseMilliseconds, parseShare } from "./base/quantity.ts";
export {
  /** @ignore */
  certificateSchema,
  /** @ignore */
  costBoundSchema,
  /** @ignore */
  disagreementSchema,
  /** @ignore */
  expectedSchema,
  MAX_POLICY_BYTES,
  /** @ignore */
  policyDocumentSchema,
  policyJsonSchema,
} from "./schema.ts";
export { alwaysSelector, compileSelector, type Selector } from "./selector.ts";
export type { DecidedState, FixedState, State } from "./states.ts";
export { activatePoint } from "./activate_point.ts";
export { largestProbability, type TopClasses, topClasses } from "./base/summary.ts";
export type { Action } from "./view.ts";
