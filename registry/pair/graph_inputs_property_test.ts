import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { PluginError } from "../base/errors.ts";
import { buildGraph } from "./graph_inputs.ts";
import type { GraphSpec } from "./pair_spec.ts";
import { pairOf } from "../../tests/harness/generators/pair_specs.ts";

/** An acyclic graph with one first and one last node, declared in any order. */
interface Dag {
  readonly graph: GraphSpec;
  readonly first: string;
  readonly last: string;
}

const dags: fc.Arbitrary<Dag> = fc.integer({ min: 2, max: 6 }).chain((size) => {
  const names = [..."abcdef"].slice(0, size);
  const pairs = names.flatMap((from, i) => names.slice(i + 1).map((to) => [from, to] as const));
  const shuffled = fc.shuffledSubarray(names, { minLength: size });
  return fc.tuple(fc.subarray(pairs), shuffled).map(([chosen, declared]) => {
    const edges = [...chosen];
    names.forEach((node, index) => {
      const [before, after] = [names[index - 1], names[index + 1]];
      if (before && !edges.some(([, to]) => to === node)) edges.push([before, node]);
      if (after && !edges.some(([from]) => from === node)) edges.push([node, after]);
    });
    const next = (node: string) => edges.filter(([from]) => from === node).map(([, to]) => to);
    const graph = Object.fromEntries(declared.map((node) => [node, next(node)]));
    return { graph, first: "a", last: names.at(-1) as string };
  });
});

/** All paths that begin at a node. */
function pathsFrom(graph: GraphSpec, node: string): string[][] {
  const further = (graph[node] ?? []).flatMap((next) => pathsFrom(graph, next));
  return [[node], ...further.map((path) => [node, ...path])];
}

function assertNamesCycle(graph: GraphSpec): void {
  const { reason } = assertThrows(() => buildGraph(pairOf(graph)), PluginError, "cycle");
  const cycle = reason.replace(/^cycle (.*), expected none$/, "$1").split(" → ");
  assert(cycle.length >= 2 && cycle[0] === cycle.at(-1), reason);
  cycle.slice(1).forEach((node, index) => assert(graph[cycle[index] ?? ""]?.includes(node)));
}

Deno.test("buildGraph() orders the nodes of any acyclic graph so that edges point forwards", () => {
  fc.assert(fc.property(dags, ({ graph, first, last }) => {
    const { nodes, full, successors } = buildGraph(pairOf(graph));
    assertEquals(nodes.toSorted(), Object.keys(graph).toSorted());
    assertEquals(successors, { ...graph, start: [first] });
    assertEquals(full, last);
    for (const [node, next] of Object.entries(graph)) {
      for (const target of next) assert(nodes.indexOf(node) < nodes.indexOf(target));
    }
  }));
});

Deno.test("buildGraph() names a cycle wherever an edge leads back", () => {
  fc.assert(fc.property(dags, fc.nat(), ({ graph, first }, choice) => {
    const paths = pathsFrom(graph, first);
    const path = paths[choice % paths.length] as string[];
    const from = path.at(-1) as string;
    const to = path[choice % path.length] as string;
    assertNamesCycle({ ...graph, [from]: [...graph[from] ?? [], to] });
  }));
});

Deno.test("buildGraph() names a cycle where there is no first node", () => {
  assertNamesCycle({ a: ["b"], b: ["c"], c: ["a"] });
  assertNamesCycle({ end: [], a: ["b", "end"], b: ["a"] });
});

Deno.test("buildGraph() lets a node read exactly what runs on every path to it", () => {
  fc.assert(fc.property(dags, fc.nat(), fc.nat(), ({ graph, first }, i, j) => {
    const nodes = Object.keys(graph);
    const reader = nodes[i % nodes.length] as string;
    const read = nodes[j % nodes.length] as string;
    const inputs = { [reader]: { x: `${read}.features` } };
    const leading = pathsFrom(graph, first).filter((path) => path.at(-1) === reader);
    const certain = leading.every((path) => path.slice(0, -1).includes(read));
    if (certain) buildGraph(pairOf(graph, { inputs }));
    else assertThrows(() => buildGraph(pairOf(graph, { inputs })), PluginError, "every path");
  }));
});
