import { START } from "./evidence.ts";

/** What may follow each node; {@linkcode START} among them, or left out if there is one first node. */
export type GraphLists = Readonly<Record<string, readonly string[]>>;

/** A checked graph: acyclic, everything reachable, one full model. */
export interface OrderedGraph {
  /** All nodes, each after those that lead to it; as they were listed where that is so. */
  readonly nodes: readonly string[];
  /** What may follow each node, {@linkcode START} included. */
  readonly successors: GraphLists;
  /** The full model: the graph's single sink. */
  readonly full: string;
}

/** A graph that cannot be used. */
export class GraphError extends Error {
  /** Dotted path of the offending member, such as `graph.small.0`. */
  readonly field: string;
  /** What is wrong: the value and what was expected. */
  readonly reason: string;

  /** Describes what is wrong with which member. */
  constructor(field: string, reason: string) {
    super(`Cannot use graph: ${field}: ${reason}`);
    this.name = "GraphError";
    this.field = field;
    this.reason = reason;
  }
}

/**
 * Checks a graph: every node has a model, acyclic, one root unless `start` is listed, one sink,
 * everything reachable.
 *
 * @param graph What may follow each node.
 * @param models The nodes that there are.
 * @returns The graph.
 * @throws {GraphError} If a check fails.
 *
 * @example Two ways to the large model
 * ```ts
 * import { orderGraph } from "./graph_order.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const graph = { large: [], medium: ["large"], small: ["medium", "large"] };
 * const { nodes, full } = orderGraph(graph, Object.keys(graph));
 * assertEquals([nodes, full], [["small", "medium", "large"], "large"]);
 * ```
 */
export function orderGraph(graph: GraphLists, models: readonly string[]): OrderedGraph {
  checkNames(graph, models);
  const successors: Record<string, readonly string[]> = { [START]: roots(graph, models) };
  for (const node of models) successors[node] = graph[node] ?? [];

  const order = topologicalOrder(successors);
  const unreachable = models.find((node) => !order.includes(node));
  if (unreachable !== undefined) {
    throw new GraphError(`graph.${unreachable}`, "no path from start leads to this node");
  }
  const sinks = models.filter((node) => successors[node]?.length === 0);
  if (sinks.length !== 1) {
    throw new GraphError(
      "graph",
      `expected one node without successors (the full model), got ${sinks.join(", ")}`,
    );
  }
  const nodes = pointsForwards(models, successors) ? [...models] : order.slice(1);
  return { nodes, successors, full: sinks[0] as string };
}

/**
 * What has run when a node's turn comes, whichever path led there.
 *
 * @param graph The graph.
 * @returns For each node those that are on every path to it.
 */
export function alwaysBefore(graph: OrderedGraph): Map<string, ReadonlySet<string>> {
  const before = new Map<string, ReadonlySet<string>>();
  for (const node of [START, ...graph.nodes]) {
    const after = new Set(before.get(node));
    if (node !== START) after.add(node);
    for (const next of graph.successors[node] ?? []) {
      before.set(next, before.get(next)?.intersection(after) ?? after);
    }
  }
  return before;
}

function checkNames(graph: GraphLists, models: readonly string[]): void {
  if (models.length < 2) {
    throw new GraphError("models", `expected at least two models, got ${models.length}`);
  }
  const known = models.join(", ");
  for (const [node, next] of Object.entries(graph)) {
    if (node !== START && !models.includes(node)) {
      throw new GraphError(`graph.${node}`, `there is no such model, expected one of ${known}`);
    }
    next.forEach((target, index) => {
      const field = `graph.${node}.${index}`;
      if (!models.includes(target)) {
        throw new GraphError(field, `there is no model ${target}, expected one of ${known}`);
      }
      if (next.indexOf(target) !== index) throw new GraphError(field, `${target} is listed twice`);
    });
  }
  const missing = models.find((node) => !Object.hasOwn(graph, node));
  if (missing !== undefined) {
    throw new GraphError(
      `graph.${missing}`,
      "missing, expected the list of nodes that may follow; [] for the full model",
    );
  }
}

function roots(graph: GraphLists, models: readonly string[]): readonly string[] {
  const declared = graph[START];
  if (declared !== undefined) {
    if (declared.length === 0) throw new GraphError("graph.start", "expected at least one node");
    return declared;
  }
  const targets = new Set(Object.values(graph).flat());
  const found = models.filter((node) => !targets.has(node));
  if (found.length > 1) {
    throw new GraphError(
      "graph",
      `expected one first node, got ${found.join(", ")}; list them under graph.start to choose`,
    );
  }
  // Without any root there is a cycle, but not from every node: the topological order meets it.
  return found.length === 1 ? found : models;
}

/** Depth first from {@linkcode START}; reports the first cycle that it meets. */
function topologicalOrder(successors: GraphLists): string[] {
  const done = new Set<string>();
  const trail: string[] = [];
  const order: string[] = [];
  const visit = (node: string) => {
    if (done.has(node)) return;
    if (trail.includes(node)) {
      const cycle = [...trail.slice(trail.indexOf(node)), node];
      throw new GraphError(`graph.${node}`, `cycle ${cycle.join(" → ")}, expected none`);
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

function pointsForwards(order: readonly string[], successors: GraphLists): boolean {
  return order.every((node, index) =>
    successors[node]?.every((next) => order.indexOf(next) > index)
  );
}
