import {
  bindPolicy,
  type BoundPolicy,
  parsePolicy,
  type PolicyDocument,
} from "../../policies/mod.ts";
import type { Graph } from "../pair/graph_inputs.ts";
import type { PairCosts } from "../walk/pair_costs.ts";
import type { WorkerPool } from "../runtime/pool.ts";
import { type DryRunResult, summariseDryRun } from "./dry_run_result.ts";

/** The pair that a policy must fit. */
export interface PreparePolicyContext {
  /** Name of the pair. */
  readonly pair: string;
  /** The pair's graph. */
  readonly graph: Graph;
  /** SHA-256 of the pair's models, by node. */
  readonly models: Readonly<Record<string, string>>;
  /** What the nodes cost. */
  readonly costs: Pick<PairCosts, "known" | "unit">;
  /** Its first worker does the dry run. */
  readonly pool: WorkerPool;
}

/** A document that has passed every check. */
export interface PreparedPolicy {
  /** The document. */
  readonly document: PolicyDocument;
  /** The same, ready for the workers. */
  readonly bound: BoundPolicy;
  /** What it did in the dry run. */
  readonly dryRun: DryRunResult;
}

/**
 * Checks a document as far as it can be checked before it serves: parse → schema → bind → dry run.
 *
 * @param text The document.
 * @param context The pair.
 * @returns The policy, which has passed.
 * @throws {PolicyError} If it cannot be used; names stage, member and reason.
 */
export async function preparePolicy(
  text: string,
  { pair, graph, models, costs, pool }: PreparePolicyContext,
): Promise<PreparedPolicy> {
  const document = parsePolicy(text);
  const bound = bindPolicy(document, { pair, models, successors: graph.successors });
  const tried = await pool.first("tryPolicy", { pair, policy: bound });
  return { document, bound, dryRun: summariseDryRun(document, tried, costs) };
}
