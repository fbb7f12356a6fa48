import { assertEquals, assertThrows } from "@std/assert";
import { PluginError } from "../base/errors.ts";
import { buildGraph, requiredPath } from "./graph_inputs.ts";
import { chain } from "./define_pair.ts";
import type { GraphSpec } from "./pair_spec.ts";
import { pairOf, type PairOfOptions } from "../../tests/harness/generators/pair_specs.ts";

const EXITS = {
  stage2: { features: "stage1.features" },
  stage3: { features: "stage2.block.out", image: "image" },
};

Deno.test("buildGraph() takes a chain of stages that read each other", () => {
  const graph = buildGraph(pairOf(chain("stage1", "stage2", "stage3"), { inputs: EXITS }));
  assertEquals(graph, {
    nodes: ["stage1", "stage2", "stage3"],
    successors: { start: ["stage1"], stage1: ["stage2"], stage2: ["stage3"], stage3: [] },
    sources: {
      stage1: {},
      stage2: { features: { kind: "node", node: "stage1", output: "features" } },
      stage3: {
        features: { kind: "node", node: "stage2", output: "block.out" },
        image: { kind: "request" },
      },
    },
    full: "stage3",
  });
});

Deno.test("buildGraph() finds the first node and the full model whatever the order", () => {
  const graph = buildGraph(pairOf({ large: [], medium: ["large"], small: ["large", "medium"] }));
  assertEquals(graph.nodes, ["small", "medium", "large"]);
  assertEquals(graph.successors["start"], ["small"]);
  assertEquals(graph.full, "large");
});

Deno.test("buildGraph() keeps the declared order of nodes that do not follow each other", () => {
  const graph = buildGraph(pairOf({ a: ["b", "c"], b: ["d"], c: ["d"], d: [] }));
  assertEquals(graph.nodes, ["a", "b", "c", "d"]);
});

Deno.test("buildGraph() takes several first nodes from start", () => {
  const graph = buildGraph(pairOf({ start: ["small", "large"], small: ["large"], large: [] }));
  assertEquals(graph.nodes, ["small", "large"]);
  assertEquals(graph.successors["start"], ["small", "large"]);
});

const DIAMOND = { a: ["b", "c"], b: ["d"], c: ["d"], d: [] };

interface Refusal {
  what: string;
  graph: GraphSpec;
  options?: PairOfOptions;
  field: string;
  reason: string;
}

/** A diamond in which one input reads something else. */
function reads(what: string, node: string, text: string, reason: string): Refusal {
  const options = { inputs: { [node]: { x: text } } };
  return { what, graph: DIAMOND, options, field: `models.${node}.inputs.x`, reason };
}

function notCertain(node: string, reader: string): string {
  return `${node} has not run on every path to ${reader}, expected a node that always has`;
}

const CANNOT_READ = 'expected "image" or "<node>.<output>" of another model';

const REFUSALS: Refusal[] = [
  {
    what: "a single model",
    graph: { only: [] },
    field: "models",
    reason: "expected at least two models, got 1",
  },
  {
    what: "a node without a model",
    graph: { a: ["b"], b: [], c: ["b"] },
    options: { models: ["a", "b"] },
    field: "graph.c",
    reason: "there is no such model, expected one of a, b",
  },
  {
    what: "an edge to a node without a model",
    graph: { a: ["b", "c"], b: [] },
    field: "graph.a.1",
    reason: "there is no model c, expected one of a, b",
  },
  {
    what: "an edge back to start",
    graph: { start: ["a"], a: ["b", "start"], b: [] },
    field: "graph.a.1",
    reason: "there is no model start, expected one of a, b",
  },
  {
    what: "an edge that is listed twice",
    graph: { a: ["b", "c", "b"], b: ["c"], c: [] },
    field: "graph.a.2",
    reason: "b is listed twice",
  },
  {
    what: "a model that the graph leaves out",
    graph: { a: ["b"] },
    options: { models: ["a", "b"] },
    field: "graph.b",
    reason: "missing, expected the list of nodes that may follow; [] for the full model",
  },
  {
    what: "a model that the graph leaves out and that every object has",
    graph: { a: [] },
    options: { models: ["a", "toString"] },
    field: "graph.toString",
    reason: "missing, expected the list of nodes that may follow; [] for the full model",
  },
  {
    what: "a start without first nodes",
    graph: { start: [], a: ["b"], b: [] },
    field: "graph.start",
    reason: "expected at least one node",
  },
  {
    what: "two first nodes without start",
    graph: { a: ["c"], b: ["c"], c: [] },
    field: "graph",
    reason: "expected one first node, got a, b; list them under graph.start to choose",
  },
  {
    what: "a cycle and names it",
    graph: { a: ["b"], b: ["c"], c: ["b", "d"], d: [] },
    field: "graph.b",
    reason: "cycle b → c → b, expected none",
  },
  {
    what: "a node that follows itself",
    graph: { a: ["a", "b"], b: [] },
    field: "graph.a",
    reason: "cycle a → a, expected none",
  },
  {
    what: "a node that nothing leads to",
    graph: { start: ["b"], a: ["b"], b: [] },
    field: "graph.a",
    reason: "no path from start leads to this node",
  },
  {
    what: "two full models",
    graph: { a: ["b", "c"], b: [], c: [] },
    field: "graph",
    reason: "expected one node without successors (the full model), got b, c",
  },
  reads("an input that names no output", "b", "a", `cannot read "a", ${CANNOT_READ}`),
  reads("an input that reads no model", "b", "e.f", `cannot read "e.f", ${CANNOT_READ}`),
  reads("an input that reads the request's output", "b", "image.f", 'cannot read "image.f"'),
  reads("an input that reads start", "b", "start.f", 'cannot read "start.f"'),
  reads("an input that reads a member of every object", "b", "toString.f", 'cannot read "toString'),
  reads("an input that reads a node on one of two paths", "d", "b.f", notCertain("b", "d")),
  reads("an input that reads a node of another branch", "b", "c.f", notCertain("c", "b")),
  reads("an input that reads a later node", "b", "d.f", notCertain("d", "b")),
  reads("an input that reads its own node", "a", "a.f", notCertain("a", "a")),
];

for (const { what, graph, options, field, reason } of REFUSALS) {
  Deno.test(`buildGraph() refuses ${what}`, () => {
    const error = assertThrows(() => buildGraph(pairOf(graph, options)), PluginError, reason);
    assertEquals(error.field, field);
  });
}

Deno.test("requiredPath() gives what the node reads, however far back, then the node", () => {
  const graph = buildGraph(pairOf(chain("stage1", "stage2", "stage3"), { inputs: EXITS }));
  assertEquals(requiredPath(graph, "stage1"), ["stage1"]);
  assertEquals(requiredPath(graph, "stage2"), ["stage1", "stage2"]);
  assertEquals(requiredPath(graph, "stage3"), ["stage1", "stage2", "stage3"]);
});

Deno.test("requiredPath() leaves out what the node does not read", () => {
  const inputs = { c: { x: "image" }, d: { x: "a.f", y: "c.f" } };
  const graph = buildGraph(pairOf(chain("a", "b", "c", "d"), { inputs }));
  assertEquals(requiredPath(graph, "c"), ["c"]);
  assertEquals(requiredPath(graph, "d"), ["a", "c", "d"]);
});
