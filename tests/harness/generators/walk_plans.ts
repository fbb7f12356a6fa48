import { buildGraph, type Source } from "../../../registry/mod.ts";
import type { GraphSpec } from "../../../registry/pair/mod.ts";
import type { WalkPlan } from "../../../registry/walk/mod.ts";
import { pairOf } from "./pair_specs.ts";

/** What a test may set of {@linkcode planOf}. */
export interface PlanOfOptions {
  /** The node whose output `features` another reads, by that other; the rest read the request. */
  readonly reads?: Readonly<Record<string, string>>;
  /** @default "logits" */
  readonly output?: string;
}

/** A plan for a graph whose nodes have one input, `x`. */
export function planOf(
  spec: GraphSpec,
  { reads = {}, output = "logits" }: PlanOfOptions = {},
): WalkPlan {
  const inputs = Object.entries(reads).map(([node, from]) => [node, { x: `${from}.features` }]);
  const graph = buildGraph(pairOf(spec, { inputs: Object.fromEntries(inputs) }));
  const bindings = graph.nodes.map((node) => {
    const declared = graph.sources[node] ?? {};
    const request: Source = { kind: "request" };
    return [node, Object.keys(declared).length > 0 ? declared : { x: request }] as const;
  });
  const logits = graph.nodes.map((node) => [node, output] as const);
  return { graph, bindings: Object.fromEntries(bindings), logits: Object.fromEntries(logits) };
}
