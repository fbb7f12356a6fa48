import { START } from "../policies/mod.ts";
import { PluginError } from "./errors.ts";
import type { PairSpec } from "./pair.ts";

/** Where an input of a model comes from: the request, or an output of an earlier node. */
export type Source =
  | { readonly kind: "request" }
  | { readonly kind: "node"; readonly node: string; readonly output: string };

/** The checked graph of a pair. */
export interface Graph {
  /** All nodes, each after those that lead to it. */
  readonly nodes: readonly string[];
  /** What may follow each node, {@linkcode START} included. */
  readonly successors: Readonly<Record<string, readonly string[]>>;
  /** Declared sources of each node's inputs; empty where the model's only input reads the request. */
  readonly sources: Readonly<Record<string, Readonly<Record<string, Source>>>>;
  /** The full model: the graph's single sink. */
  readonly full: string;
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
  checkNames(pair, models);
  const sources = Object.fromEntries(models.map((node) => [node, parseSources(pair, node)]));
  const successors: Record<string, readonly string[]> = { [START]: roots(pair, models) };
  for (const node of models) successors[node] = pair.graph[node] ?? [];

  const order = topologicalOrder(successors);
  const unreachable = models.find((node) => !order.includes(node));
  if (unreachable !== undefined) {
    throw new PluginError(`graph.${unreachable}`, "no path from start leads to this node");
  }
  const sinks = models.filter((node) => successors[node]?.length === 0);
  if (sinks.length !== 1) {
    throw new PluginError(
      "graph",
      `expected one node without successors (the full model), got ${sinks.join(", ")}`,
    );
  }
  checkReads(order, successors, sources);
  return { nodes: order.slice(1), successors, sources, full: sinks[0] as string };
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

function checkNames(pair: PairSpec, models: string[]): void {
  if (models.length < 2) {
    throw new PluginError("models", `expected at least two models, got ${models.length}`);
  }
  for (const [node, next] of Object.entries(pair.graph)) {
    if (node !== START && !models.includes(node)) {
      throw new PluginError(
        `graph.${node}`,
        `there is no such model, expected one of ${models.join(", ")}`,
      );
    }
    next.forEach((target, index) => {
      const field = `graph.${node}.${index}`;
      if (!models.includes(target)) {
        throw new PluginError(
          field,
          `there is no model ${target}, expected one of ${models.join(", ")}`,
        );
      }
      if (next.indexOf(target) !== index) {
        throw new PluginError(field, `${target} is listed twice`);
      }
    });
  }
  const missing = models.find((node) => !Object.hasOwn(pair.graph, node));
  if (missing !== undefined) {
    throw new PluginError(
      `graph.${missing}`,
      "missing, expected the list of nodes that may follow; [] for the full model",
    );
  }
}

function roots(pair: PairSpec, models: string[]): readonly string[] {
  const declared = pair.graph[START];
  if (declared !== undefined) {
    if (declared.length === 0) throw new PluginError("graph.start", "expected at least one node");
    return declared;
  }
  const targets = new Set(Object.values(pair.graph).flat());
  const found = models.filter((node) => !targets.has(node));
  if (found.length > 1) {
    throw new PluginError(
      "graph",
      `expected one first node, got ${found.join(", ")}; list them under graph.start to choose`,
    );
  }
  // Without any root there is a cycle, but not from every node: the topological order meets it.
  return found.length === 1 ? found : models;
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

/** Depth first from {@linkcode START}; reports the first cycle that it meets. */
function topologicalOrder(successors: Record<string, readonly string[]>): string[] {
  const done = new Set<string>();
  const trail: string[] = [];
  const order: string[] = [];
  const visit = (node: string) => {
    if (done.has(node)) return;
    if (trail.includes(node)) {
      const cycle = [...trail.slice(trail.indexOf(node)), node];
      throw new PluginError(`graph.${node}`, `cycle ${cycle.join(" → ")}, expected none`);
    }
    trail.push(node);
    // Backwards, so that nodes that do not depend on each other keep the order of declaration.
    for (const next of [...successors[node] ?? []].reverse()) visit(next);
    trail.pop();
    done.add(node);
    order.unshift(node);
  };
  visit(START);
  return order;
}

/** Whatever a node reads must have run on every path that leads to it. */
function checkReads(
  order: string[],
  successors: Record<string, readonly string[]>,
  sources: Graph["sources"],
): void {
  const certain = new Map<string, Set<string>>([[START, new Set()]]);
  for (const node of order) {
    const before = certain.get(node) ?? new Set<string>();
    for (const [input, source] of Object.entries(sources[node] ?? {})) {
      if (source.kind === "node" && !before.has(source.node)) {
        throw new PluginError(
          `models.${node}.inputs.${input}`,
          `${source.node} has not run on every path to ${node}, expected a node that always has`,
        );
      }
    }
    const after = new Set(before).add(node);
    for (const next of successors[node] ?? []) {
      const known = certain.get(next);
      certain.set(next, known ? known.intersection(after) : after);
    }
  }
}
