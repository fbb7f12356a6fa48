import { assertEquals, assertThrows } from "@std/assert";
import { alwaysBefore, GraphError, orderGraph } from "./graph_order.ts";

Deno.test("orderGraph() keeps the order of the models where edges point forwards", () => {
  const graph = { start: ["a", "b"], b: ["c"], a: ["c"], c: [] };
  assertEquals(orderGraph(graph, ["b", "a", "c"]).nodes, ["b", "a", "c"]);
  assertEquals(orderGraph(graph, ["c", "b", "a"]).nodes, ["a", "b", "c"]);
});

Deno.test("orderGraph() names the member at fault", () => {
  const { field, reason } = assertThrows(
    () => orderGraph({ start: ["a"], a: ["b"], b: ["c", "a"], c: [] }, ["a", "b", "c"]),
    GraphError,
    "cycle a → b → a",
  );
  assertEquals([field, reason], ["graph.a", "cycle a → b → a, expected none"]);
});

Deno.test("alwaysBefore() gives what is on every path to a node", () => {
  const graph = orderGraph({ a: ["b", "c"], b: ["d"], c: ["d"], d: [] }, ["a", "b", "c", "d"]);
  const before = alwaysBefore(graph);
  const of = (node: string) => [...before.get(node) ?? []];
  assertEquals(["a", "b", "c", "d"].map(of), [[], ["a"], ["a"], ["a"]]);
});
