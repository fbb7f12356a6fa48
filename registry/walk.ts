import { type Evidence, largestProbability, type Selector, START } from "../policies/mod.ts";
import type { Graph, Source } from "./graph.ts";
import type { Tensor } from "./tensor.ts";

/** What the walk must know of a pair. */
export interface WalkPlan {
  /** The pair's graph. */
  readonly graph: Graph;
  /** For each node, what each of its ONNX inputs reads. */
  readonly bindings: Readonly<Record<string, Readonly<Record<string, Source>>>>;
  /** For each node, the name of the output with the logits. */
  readonly logits: Readonly<Record<string, string>>;
}

/** Runs a node's model on inputs by name; returns its outputs by name. */
export type RunNode = (
  node: string,
  feeds: Readonly<Record<string, Tensor>>,
) => Promise<Readonly<Record<string, Tensor>>>;

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
  /** Wall-clock milliseconds of each node of the path. */
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
 * @param input The request's input as a given node wants it; shape [1, …].
 * @param selector Chooses the action at each node, and may combine the answers.
 * @param run Runs one node's model.
 * @returns The route and the answer at its end.
 * @throws {Error} If the selector names a node that cannot run, or a model answers with logits that
 * are not finite.
 */
export async function walk(
  plan: WalkPlan,
  input: (node: string) => Promise<Tensor>,
  selector: Selector,
  run: RunNode,
): Promise<Walked> {
  const outputs = new Map<string, Readonly<Record<string, Tensor>>>();
  const logits = new Map<string, Float32Array>();
  const path: string[] = [];
  const nodes: { node: string; ms: number }[] = [];
  const evidence: Evidence = { path, logits };

  for (let node = START;;) {
    const action = selector.decide(node, evidence);
    if (action === "exit") {
      const answer = logits.get(node);
      if (!answer) throw new Error("Cannot exit at start: no model has run");
      const confidence = largestProbability(logits.get(path[0] as string) as Float32Array);
      return {
        path,
        exit: node,
        logits: selector.answer?.(evidence) ?? answer,
        confidence,
        nodes,
      };
    }
    if (!Object.hasOwn(plan.bindings, action) || outputs.has(action)) {
      throw new Error(`Cannot go from ${node} to ${action}: no such node, or it has run already`);
    }
    const feeds = await gather(plan.bindings[action] ?? {}, action, input, outputs);
    const started = performance.now();
    const produced = await run(action, feeds);
    nodes.push({ node: action, ms: performance.now() - started });
    outputs.set(action, produced);
    logits.set(action, finiteLogits(action, produced[plan.logits[action] ?? ""]));
    path.push(action);
    node = action;
  }
}

async function gather(
  bindings: Readonly<Record<string, Source>>,
  node: string,
  input: (node: string) => Promise<Tensor>,
  outputs: ReadonlyMap<string, Readonly<Record<string, Tensor>>>,
): Promise<Record<string, Tensor>> {
  const feeds: Record<string, Tensor> = {};
  for (const [name, source] of Object.entries(bindings)) {
    const tensor = source.kind === "request"
      ? await input(node)
      : outputs.get(source.node)?.[source.output];
    if (!tensor) {
      throw new Error(`Cannot run ${node}: its input ${name} reads a node that has not run`);
    }
    feeds[name] = tensor;
  }
  return feeds;
}

function finiteLogits(node: string, tensor: Tensor | undefined): Float32Array {
  if (!tensor || !tensor.data.every(Number.isFinite)) {
    throw new Error(`Cannot use the answer of ${node}: its logits are missing or not finite`);
  }
  return tensor.data;
}
