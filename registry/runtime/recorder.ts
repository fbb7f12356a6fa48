import type { RecordedEvidence, Selector } from "../../policies/mod.ts";
import { NodeUnavailableError } from "../base/errors.ts";
import { requiredPath } from "../pair/graph_inputs.ts";
import { runAll } from "../walk/run_all.ts";
import type { RunNode, WalkPlan } from "../walk/walk_plan.ts";
import { patternOf } from "./measure.ts";

const MAX_RECENT = 64;
const MIN_PROBES = 2;
const MAX_PROBES = 8;
const BUDGET_MS = 200;

/**
 * Keeps what the networks of a pair answered, so that a policy can be tried before it serves: to a few
 * patterns, all networks; to the latest inputs, those that ran.
 */
export class Recorder {
  readonly #recent: RecordedEvidence[] = [];
  #next = 0;
  #probes: readonly RecordedEvidence[] | undefined;

  /**
   * Wraps a selector so that what it looked at last for an input is kept.
   *
   * @param selector Decides as before.
   * @returns The selector for one request.
   */
  watch(selector: Selector): Selector {
    return {
      ...selector,
      decide: (node, evidence) => {
        const action = selector.decide(node, evidence);
        if (action === "exit") this.#keep(new Map(evidence.logits));
        return action;
      },
    };
  }

  /**
   * What has been recorded.
   *
   * @param plan The pair's graph and bindings.
   * @param shape Gives the shape of one input item as a given node reads it.
   * @param run Runs one node; all nodes are run on patterns the first time, for about 0.2 s. Without those
   * that are not available, as often as that is so.
   * @returns Patterns first, then the latest inputs.
   */
  async evidence(
    plan: WalkPlan,
    shape: (node: string) => readonly number[],
    run: RunNode,
  ): Promise<readonly RecordedEvidence[]> {
    const probes = this.#probes ?? await probeAvailable(plan, shape, run);
    if (probes[0]?.size === plan.graph.nodes.length) this.#probes = probes;
    return [...probes, ...this.#recent];
  }

  #keep(logits: RecordedEvidence): void {
    this.#recent[this.#next] = logits;
    this.#next = (this.#next + 1) % MAX_RECENT;
  }
}

/** Leaves out what is not available, and what cannot run without it. */
async function probeAvailable(
  plan: WalkPlan,
  shape: (node: string) => readonly number[],
  run: RunNode,
): Promise<RecordedEvidence[]> {
  let nodes = plan.graph.nodes;
  while (nodes.length > 0) {
    try {
      return await probe(plan, shape, run, nodes);
    } catch (error) {
      if (!(error instanceof NodeUnavailableError)) throw error;
      nodes = nodes.filter((node) => !requiredPath(plan.graph, node).includes(error.node));
    }
  }
  return [];
}

async function probe(
  plan: WalkPlan,
  shape: (node: string) => readonly number[],
  run: RunNode,
  nodes: readonly string[],
): Promise<RecordedEvidence[]> {
  const probes: RecordedEvidence[] = [];
  const started = performance.now();
  while (
    probes.length < MIN_PROBES ||
    (probes.length < MAX_PROBES && performance.now() - started < BUDGET_MS)
  ) {
    const seed = probes.length;
    const input = (node: string) => Promise.resolve(patternOf(shape(node), seed));
    probes.push(new Map(Object.entries(await runAll(plan, input, run, nodes))));
  }
  return probes;
}
