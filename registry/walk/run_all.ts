import { alwaysSelector, type Selector } from "../../policies/mod.ts";
import { walk } from "./walk.ts";
import type { NodeInput, RunNode, WalkPlan } from "./walk_plan.ts";

/**
 * Takes one input through every node of a pair, whatever their answers: a walk that never exits early.
 *
 * @param plan The pair's graph and bindings.
 * @param input The request's input as a given node wants it; shape [1, …].
 * @param run Runs one node's model.
 * @param nodes The nodes to run, in the order of the graph; all unless given.
 * @returns Logits by node, one per label, in the order of the graph.
 * @throws {NodeUnavailableError} If a node is elsewhere and does not answer as it should.
 * @throws {Error} If a model answers with logits that are not finite.
 */
export async function runAll(
  plan: WalkPlan,
  input: NodeInput,
  run: RunNode,
  nodes: readonly string[] = plan.graph.nodes,
): Promise<Record<string, Float32Array>> {
  const all = alwaysSelector(nodes);
  let answers: ReadonlyMap<string, Float32Array> = new Map();
  const watched: Selector = {
    decide(node, evidence) {
      answers = evidence.logits;
      return all.decide(node, evidence);
    },
  };
  await walk(plan, input, watched, run);
  return Object.fromEntries(answers);
}
