import { alwaysSelector, type Selector } from "../../policies/mod.ts";
import { NodeUnavailableError } from "../base/errors.ts";
import { requiredPath } from "../pair/graph_inputs.ts";
import { Batching } from "./batching.ts";
import { runBatch } from "./run_batch.ts";
import { WalkItem } from "./walk_item.ts";
import type { NodeInput, RunNode, WalkPlan } from "./walk_plan.ts";
import type { Walked } from "./walked.ts";

/** Options of {@linkcode walkBatch}. */
export interface WalkOptions {
  /** Runs one node's model, on several items where `batching` has it. */
  readonly run: RunNode;
  /**
   * Which nodes are run on several items at once.
   *
   * @default those of the plan
   */
  readonly batching?: Batching | undefined;
  /**
   * Whether to answer without a node that is not available: with the last node before it; where there is
   * none, with the best node that can run.
   *
   * @default false, which fails
   */
  readonly degrade?: boolean | undefined;
}

/**
 * Takes one input through a pair's graph: runs a node, asks the selector, goes on or exits
 * (Bolukbasi et al. 2017, section 3; network selection and early exit alike).
 *
 * @param plan The pair's graph and bindings.
 * @param input The request's input.
 * @param selector Chooses the action at each node, and may combine the answers.
 * @param run Runs one node's model.
 * @returns The route and the answer at its end.
 * @throws {NodeUnavailableError} If a node is elsewhere and does not answer as it should.
 * @throws {NotFiniteError} If a model answers with logits that are not finite.
 * @throws {Error} If the selector names a node that cannot run.
 */
export async function walk(
  plan: WalkPlan,
  input: NodeInput,
  selector: Selector,
  run: RunNode,
): Promise<Walked> {
  const [walked] = await walkBatch(plan, [input], selector, { run });
  return walked as Walked;
}

/**
 * Takes many inputs through a pair's graph, node by node: a node runs on all that come to it, and only
 * those that the selector sends on go further. Each goes the way that it would go alone.
 *
 * @param plan The pair's graph and bindings.
 * @param inputs The requests' inputs.
 * @param selector As for {@linkcode walk}.
 * @param options How nodes are run, and whether to answer without one that is not available.
 * @returns Routes and answers in the order of the inputs.
 * @throws {NodeUnavailableError} As {@linkcode walk}; or where no node at all can answer.
 * @throws {Error} As {@linkcode walk}.
 */
export async function walkBatch(
  plan: WalkPlan,
  inputs: readonly NodeInput[],
  selector: Selector,
  { run, batching = new Batching(plan.batched), degrade = false }: WalkOptions,
): Promise<Walked[]> {
  const items = inputs.map((input) => new WalkItem(plan, input, selector));
  const lost = new Map<WalkItem, NodeUnavailableError>();
  // Every node comes after all that lead to it.
  for (const node of plan.graph.nodes) {
    const here = items.filter(({ next }) => next === node);
    if (here.length === 0) continue;
    const feeds = [];
    for (const item of here) feeds.push(await item.gather());
    const started = performance.now();
    const results = await runBatch(batching, node, feeds, run);
    const ms = (performance.now() - started) / here.length;
    here.forEach((item, index) => {
      const result = results[index] ?? {};
      if (!(result instanceof NodeUnavailableError)) return item.arrive(result, ms);
      if (!degrade) throw result;
      item.stop(result);
      if (item.isLost) lost.set(item, result);
    });
  }
  const rescued = await rescue(plan, lost, { run, batching });
  return items.map((item) => rescued.get(item) ?? item.finish());
}

/** Answers those that no node has answered, with the best node that can run. */
async function rescue(
  plan: WalkPlan,
  lost: ReadonlyMap<WalkItem, NodeUnavailableError>,
  options: Pick<WalkOptions, "run" | "batching">,
): Promise<Map<WalkItem, Walked>> {
  const errors = [...lost.values()];
  const [first] = errors;
  if (!first) return new Map();
  const away = new Set(errors.map(({ node }) => node));
  const inputs = [...lost.keys()].map(({ input }) => input);
  for (const node of plan.graph.nodes.toReversed()) {
    const path = requiredPath(plan.graph, node);
    if (path.some((needed) => away.has(needed))) continue;
    try {
      const answers = await walkBatch(plan, inputs, alwaysSelector(path), options);
      return new Map([...lost].map(([item, { node, reason }], index) => {
        return [item, { ...answers[index] as Walked, degraded: { node, reason } }];
      }));
    } catch (error) {
      if (!(error instanceof NodeUnavailableError)) throw error;
      away.add(error.node);
    }
  }
  throw first;
}
