import { type Graph, requiredPath } from "../pair/graph_inputs.ts";
import { MILLISECONDS, type PairSpec } from "../pair/pair_spec.ts";
import type { Walked } from "./walked.ts";

/**
 * What the nodes of a pair cost: what the plugin states, else the milliseconds that were measured. Those
 * of a node that is away are not known until it is back.
 */
export class PairCosts {
  /** Unit of all of them. */
  readonly unit: string;
  readonly #byNode: Record<string, number | undefined>;
  readonly #stated: ReadonlySet<string>;
  readonly #full: readonly string[];

  /**
   * Takes stated costs over measured ones.
   *
   * @param pair The pair.
   * @param graph Its graph.
   * @param measured Milliseconds by node.
   */
  constructor(pair: PairSpec, graph: Graph, measured: Readonly<Record<string, number>>) {
    this.unit = pair.costUnit ?? MILLISECONDS;
    this.#full = requiredPath(graph, graph.full);
    const stated = graph.nodes.filter((node) => pair.models[node]?.cost !== undefined);
    this.#stated = new Set(stated);
    this.#byNode = Object.fromEntries(
      graph.nodes.map((node) => [node, pair.models[node]?.cost ?? measured[node]]),
    );
  }

  /** What a node costs, if that is known. */
  of(node: string): number | undefined {
    return this.#byNode[node];
  }

  /** Whether the plugin states what a node costs. */
  isStated(node: string): boolean {
    return this.#stated.has(node);
  }

  /** What the full model alone costs for one input, if that is known. */
  get full(): number | undefined {
    return sum(this.#full.map((node) => this.#byNode[node]));
  }

  /** What is known, by node. */
  get known(): Readonly<Record<string, number>> {
    const known = Object.entries(this.#byNode).filter(([, cost]) => cost !== undefined);
    return Object.fromEntries(known as [string, number][]);
  }

  /** What an answer has cost; of a node that was never measured, the time that it took this once. */
  ofItem({ nodes }: Pick<Walked, "nodes">): number {
    return nodes.reduce((total, { node, ms }) => total + (this.#byNode[node] ?? ms), 0);
  }

  /** Takes what was measured anew; stated costs stay. */
  update(measured: Readonly<Record<string, number>>): void {
    for (const [node, ms] of Object.entries(measured)) {
      if (!this.#stated.has(node)) this.#byNode[node] = ms;
    }
  }
}

function sum(costs: readonly (number | undefined)[]): number | undefined {
  return costs.reduce<number | undefined>(
    (total, cost) => total === undefined || cost === undefined ? undefined : total + cost,
    0,
  );
}
