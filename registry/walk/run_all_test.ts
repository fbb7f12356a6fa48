import { assertEquals, assertRejects } from "@std/assert";
import { buildGraph, type Source } from "../pair/graph_inputs.ts";
import { runAll } from "./run_all.ts";
import type { Tensor } from "../base/tensor.ts";
import { pairOf } from "../../tests/harness/generators/pair_specs.ts";
import type { RunNode, WalkPlan } from "./walk_plan.ts";

const REQUEST: Source = { kind: "request" };

function tensor(...data: number[]): Tensor {
  return { datatype: "FP32", shape: [1, data.length], data: Float32Array.from(data) };
}

/** Three nodes, of which the last reads the first. */
function plan(): WalkPlan {
  const inputs = { c: { x: "a.features" } };
  const graph = buildGraph(pairOf({ a: ["b", "c"], b: ["c"], c: [] }, { inputs }));
  return {
    graph,
    bindings: { a: { x: REQUEST }, b: { x: REQUEST }, c: graph.sources["c"] ?? {} },
    logits: { a: "logits", b: "logits", c: "logits" },
  };
}

Deno.test("runAll() gives the answer of every node, each fed with what it reads", async () => {
  const seen: Record<string, number[]> = {};
  const run: RunNode = (node, { x }) => {
    seen[node] = [...(x as Tensor).data];
    const index = "abc".indexOf(node);
    return Promise.resolve({ logits: tensor(index, 1), features: tensor(10 * index + 5) });
  };
  const answers = await runAll(plan(), () => Promise.resolve(tensor(7)), run);
  assertEquals(answers, {
    a: Float32Array.of(0, 1),
    b: Float32Array.of(1, 1),
    c: Float32Array.of(2, 1),
  });
  assertEquals(seen, { a: [7], b: [7], c: [5] });
});

Deno.test("runAll() refuses logits that are not finite", async () => {
  const run: RunNode = (node) =>
    Promise.resolve({ logits: tensor(0, node === "b" ? NaN : 1), features: tensor(1) });
  await assertRejects(
    () => runAll(plan(), () => Promise.resolve(tensor(7)), run),
    Error,
    "answer of b",
  );
});
