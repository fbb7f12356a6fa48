/**
 * Which way an input goes: policy documents, and the selectors that they become. A document goes
 * through {@linkcode parsePolicy}, {@linkcode bindPolicy} and {@linkcode compileSelector}.
 *
 * @module
 */

export { bindPolicy, type BoundPolicy, type PolicyTarget } from "./bind.ts";
export * from "./document.ts";
export { PolicyError, type PolicyStage, show } from "./errors.ts";
export { type Evidence, START } from "./evidence.ts";
export {
  alwaysBefore,
  GraphError,
  type GraphLists,
  type OrderedGraph,
  orderGraph,
} from "./graph.ts";
export { parsePolicy, validatePolicy } from "./parse.ts";
export { MAX_POLICY_BYTES, policyJsonSchema } from "./schema.ts";
export { alwaysSelector, compileSelector, type Selector } from "./selector.ts";
export type { DecidedState, FixedState, State } from "./states.ts";
export type { PolicyStore, StoredPolicy } from "./store.ts";
export { FilePolicyStore } from "./stores/files.ts";
export { MemoryPolicyStore } from "./stores/memory.ts";
export type { Action } from "./view.ts";
