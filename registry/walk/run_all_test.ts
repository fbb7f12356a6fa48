import { assertEquals, assertRejects } from "@std/assert";
import { runAll } from "./run_all.ts";
import type { Tensor } from "../base/tensor.ts";
import type { RunNode } from "./walk_plan.ts";
import { rowOf } from "../../tests/harness/generators/tensors.ts";
import { planOf } from "../../tests/harness/generators/walk_plans.ts";

/** Three nodes, of which the last reads the first. */
const plan = () => planOf({ a: ["b", "c"], b: ["c"], c: [] }, { reads: { c: "a" } });

Deno.test("runAll() gives the answer of every node, each fed with what it reads", async () => {
  const seen: Record<string, number[]> = {};
  const run: RunNode = (node, { x }) => {
    seen[node] = [...(x as Tensor).data];
    const index = "abc".indexOf(node);
    return Promise.resolve({ logits: rowOf(index, 1), features: rowOf(10 * index + 5) });
  };
  const answers = await runAll(plan(), () => Promise.resolve(rowOf(7)), run);
  assertEquals(answers, {
    a: Float32Array.of(0, 1),
    b: Float32Array.of(1, 1),
    c: Float32Array.of(2, 1),
  });
  assertEquals(seen, { a: [7], b: [7], c: [5] });
});

Deno.test("runAll() refuses logits that are not finite", async () => {
  const run: RunNode = (node) =>
    Promise.resolve({ logits: rowOf(0, node === "b" ? NaN : 1), features: rowOf(1) });
  await assertRejects(
    () => runAll(plan(), () => Promise.resolve(rowOf(7)), run),
    Error,
    "answer of b",
  );
});
