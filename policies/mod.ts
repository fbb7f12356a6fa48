/**
 * Which way an input goes: policy documents, and the selectors that they become. A document goes
 * through {@linkcode parsePolicy}, {@linkcode bindPolicy} and {@linkcode compileSelector}.
 *
 * @module
 */

export { bindPolicy, type BoundPolicy, type PolicyTarget } from "./bind.ts";
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
export { parseShare } from "./base/quantity.ts";
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
