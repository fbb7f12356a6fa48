import { alwaysBefore, GraphError, type OrderedGraph, orderGraph } from "../../policies/mod.ts";
import { PluginError } from "../base/errors.ts";
import type { PairSpec } from "./pair_spec.ts";

/** Where an input of a model comes from: the request, or an output of an earlier node. */
export type Source =
  | { readonly kind: "request" }
  | { readonly kind: "node"; readonly node: string; readonly output: string };

/** The checked graph of a pair. */
export interface Graph extends OrderedGraph {
  /** Declared sources of each node's inputs; empty where the model's only input reads the request. */
  readonly sources: Readonly<Record<string, Readonly<Record<string, Source>>>>;
}

/**
 * Checks a pair's graph: every node is a model, acyclic, one root unless `start` is declared, one
 * sink, everything reachable, and whatever a node reads has been run on every path that leads to it.
 *
 * @param pair The pair.
 * @returns The graph.
 * @throws {PluginError} If a check fails; names the field and the reason.
 */
export function buildGraph(pair: PairSpec): Graph {
  const models = Object.keys(pair.models);
  const ordered = order(pair, models);
  const sources = Object.fromEntries(models.map((node) => [node, parseSources(pair, node)]));
  checkReads(ordered, sources);
  return { ...ordered, sources };
}

/**
 * The nodes that must run for a node's answer and nothing else: what it reads, then itself.
 *
 * @param graph The graph.
 * @param node A node of the graph.
 * @returns Nodes in an order in which they can run.
 */
export function requiredPath(graph: Graph, node: string): string[] {
  const needed = new Set([node]);
  const collect = (current: string) => {
    for (const source of Object.values(graph.sources[current] ?? {})) {
      if (source.kind === "node" && !needed.has(source.node)) {
        needed.add(source.node);
        collect(source.node);
      }
    }
  };
  collect(node);
  return graph.nodes.filter((candidate) => needed.has(candidate));
}

function order(pair: PairSpec, models: readonly string[]): OrderedGraph {
  try {
    return orderGraph(pair.graph, models);
  } catch (error) {
    if (!(error instanceof GraphError)) throw error;
    throw new PluginError(error.field, error.reason, { cause: error });
  }
}

function parseSources(pair: PairSpec, node: string): Record<string, Source> {
  const inputs = pair.models[node]?.inputs ?? {};
  return Object.fromEntries(
    Object.entries(inputs).map(([input, text]): [string, Source] => {
      if (text === pair.input.name) return [input, { kind: "request" }];
      const [from, ...output] = text.split(".");
      if (from === undefined || output.length === 0 || !Object.hasOwn(pair.models, from)) {
        throw new PluginError(
          `models.${node}.inputs.${input}`,
          `cannot read ${JSON.stringify(text)}, expected ${JSON.stringify(pair.input.name)} ` +
            'or "<node>.<output>" of another model',
        );
      }
      return [input, { kind: "node", node: from, output: output.join(".") }];
    }),
  );
}

/** Whatever a node reads must have run on every path that leads to it. */
function checkReads(graph: OrderedGraph, sources: Graph["sources"]): void {
  const before = alwaysBefore(graph);
  for (const node of graph.nodes) {
    for (const [input, source] of Object.entries(sources[node] ?? {})) {
      if (source.kind === "node" && !before.get(node)?.has(source.node)) {
        throw new PluginError(
          `models.${node}.inputs.${input}`,
          `${source.node} has not run on every path to ${node}, expected a node that always has`,
        );
      }
    }
  }
}
