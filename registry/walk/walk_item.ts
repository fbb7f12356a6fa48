import { type Evidence, largestProbability, type Selector, START } from "../../policies/mod.ts";
import { type NodeUnavailableError, NotFiniteError } from "../base/errors.ts";
import type { Tensor } from "../base/tensor.ts";
import type { NodeInput, WalkPlan } from "./walk_plan.ts";
import type { Degraded, Walked } from "./walked.ts";

/** One input on its way. */
export class WalkItem {
  readonly #plan: WalkPlan;
  readonly #selector: Selector;
  readonly #outputs = new Map<string, Readonly<Record<string, Tensor>>>();
  readonly #logits = new Map<string, Float32Array>();
  readonly #path: string[] = [];
  readonly #nodes: { readonly node: string; readonly ms: number }[] = [];
  readonly #evidence: Evidence = { path: this.#path, logits: this.#logits };
  #next: string;
  #degraded: Degraded | undefined;
  /** The request's input. */
  readonly input: NodeInput;

  /** Stands at the start. */
  constructor(plan: WalkPlan, input: NodeInput, selector: Selector) {
    this.#plan = plan;
    this.input = input;
    this.#selector = selector;
    this.#next = this.#decide(START);
  }

  /** The node that is to run, or `exit`. */
  get next(): string {
    return this.#next;
  }

  /** What the next node is to be fed with. */
  async gather(): Promise<Record<string, Tensor>> {
    const node = this.#next;
    const feeds: Record<string, Tensor> = {};
    for (const [name, source] of Object.entries(this.#plan.bindings[node] ?? {})) {
      const tensor = source.kind === "request"
        ? await this.input(node)
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
    const node = this.#next;
    this.#nodes.push({ node, ms });
    this.#outputs.set(node, outputs);
    this.#logits.set(node, finiteLogits(node, outputs[this.#plan.logits[node] ?? ""]));
    this.#path.push(node);
    this.#next = this.#decide(node);
  }

  /** Whether no node has answered. */
  get isLost(): boolean {
    return this.#path.length === 0;
  }

  /** Ends the way before the next node, which cannot run. */
  stop({ node, reason }: NodeUnavailableError): void {
    this.#degraded = { node, reason };
    this.#next = "exit";
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
      ...(this.#degraded && { degraded: this.#degraded }),
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
  if (!tensor) throw new Error(`Cannot use the answer of ${node}: its logits are missing`);
  if (!tensor.data.every(Number.isFinite)) throw new NotFiniteError(node);
  return tensor.data.slice();
}
