import { type Evidence, largestProbability, type Selector, START } from "../policies/mod.ts";
import { runBatch } from "./run_batch.ts";
import type { Tensor } from "./tensor.ts";
import type { NodeInput, RunNode, WalkPlan } from "./walk_plan.ts";

/** The route of one input and the answer at its end. */
export interface Walked {
  /** Nodes in the order in which they ran. */
  readonly path: readonly string[];
  /** The last node of the path. */
  readonly exit: string;
  /** The answer, one score per label: the exit's logits, unless the selector combines answers. */
  readonly logits: Float32Array;
  /** The largest probability of the first node's answer: how sure it was. */
  readonly confidence: number;
  /** Wall-clock milliseconds of each node of the path; in a batch, its share of the node's runs. */
  readonly nodes: readonly { readonly node: string; readonly ms: number }[];
}

/** The route of one item with what it cost. */
export interface RoutedItem extends Walked {
  /** Sum of the measured costs of the nodes that ran, in milliseconds. */
  readonly costMs: number;
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
 * @throws {Error} If the selector names a node that cannot run, or a model answers with logits that
 * are not finite.
 */
export async function walk(
  plan: WalkPlan,
  input: NodeInput,
  selector: Selector,
  run: RunNode,
): Promise<Walked> {
  const [walked] = await walkBatch(plan, [input], selector, run);
  return walked as Walked;
}

/**
 * Takes many inputs through a pair's graph, node by node: a node runs on all that come to it, and only
 * those that the selector sends on go further. Each goes the way that it would go alone.
 *
 * @param plan The pair's graph and bindings.
 * @param inputs The requests' inputs.
 * @param selector As for {@linkcode walk}.
 * @param run Runs one node's model, on several items where the plan says that it can.
 * @returns Routes and answers in the order of the inputs.
 * @throws {Error} As {@linkcode walk}.
 */
export async function walkBatch(
  plan: WalkPlan,
  inputs: readonly NodeInput[],
  selector: Selector,
  run: RunNode,
): Promise<Walked[]> {
  const items = inputs.map((input) => new Item(plan, input, selector));
  // Every node comes after all that lead to it.
  for (const node of plan.graph.nodes) {
    const here = items.filter(({ next }) => next === node);
    if (here.length === 0) continue;
    const feeds = [];
    for (const item of here) feeds.push(await item.gather());
    const started = performance.now();
    const outputs = await runBatch(plan, node, feeds, run);
    const ms = (performance.now() - started) / here.length;
    here.forEach((item, index) => item.arrive(outputs[index] ?? {}, ms));
  }
  return items.map((item) => item.finish());
}

/** One input on its way. */
class Item {
  readonly #plan: WalkPlan;
  readonly #input: NodeInput;
  readonly #selector: Selector;
  readonly #outputs = new Map<string, Readonly<Record<string, Tensor>>>();
  readonly #logits = new Map<string, Float32Array>();
  readonly #path: string[] = [];
  readonly #nodes: { readonly node: string; readonly ms: number }[] = [];
  readonly #evidence: Evidence = { path: this.#path, logits: this.#logits };
  /** The node that is to run, or `exit`. */
  next: string;

  constructor(plan: WalkPlan, input: NodeInput, selector: Selector) {
    this.#plan = plan;
    this.#input = input;
    this.#selector = selector;
    this.next = this.#decide(START);
  }

  /** What the next node is to be fed with. */
  async gather(): Promise<Record<string, Tensor>> {
    const node = this.next;
    const feeds: Record<string, Tensor> = {};
    for (const [name, source] of Object.entries(this.#plan.bindings[node] ?? {})) {
      const tensor = source.kind === "request"
        ? await this.#input(node)
        : this.#outputs.get(source.node)?.[source.output];
      if (!tensor) {
        throw new Error(`Cannot run ${node}: its input ${name} reads a node that has not run`);
      }
      feeds[name] = tensor;
    }
    return feeds;
  }

  /** Takes the answer of the next node and decides where to go from there. */
  arrive(outputs: Readonly<Record<string, Tensor>>, ms: number): void {
    const node = this.next;
    this.#nodes.push({ node, ms });
    this.#outputs.set(node, outputs);
    this.#logits.set(node, finiteLogits(node, outputs[this.#plan.logits[node] ?? ""]));
    this.#path.push(node);
    this.next = this.#decide(node);
  }

  /** The route and the answer at its end. */
  finish(): Walked {
    const exit = this.#path.at(-1) as string;
    const first = this.#logits.get(this.#path[0] as string) as Float32Array;
    return {
      path: this.#path,
      exit,
      logits: this.#selector.answer?.(this.#evidence) ?? this.#logits.get(exit) as Float32Array,
      confidence: largestProbability(first),
      nodes: this.#nodes,
    };
  }

  #decide(node: string): string {
    const action = this.#selector.decide(node, this.#evidence);
    if (action === "exit") {
      if (node === START) throw new Error("Cannot exit at start: no model has run");
      return action;
    }
    const { nodes } = this.#plan.graph;
    if (nodes.indexOf(action) <= nodes.indexOf(node)) {
      throw new Error(
        `Cannot go from ${node} to ${action}: no such node, or it does not come after it`,
      );
    }
    return action;
  }
}

/** A copy, because what the node gave may be a part of a batch, which must not live as long. */
function finiteLogits(node: string, tensor: Tensor | undefined): Float32Array {
  if (!tensor || !tensor.data.every(Number.isFinite)) {
    throw new Error(`Cannot use the answer of ${node}: its logits are missing or not finite`);
  }
  return tensor.data.slice();
}
