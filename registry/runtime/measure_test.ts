import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { buildGraph, type Source } from "../graph.ts";
import { chain } from "../define_pair.ts";
import type { GraphSpec } from "../pair.ts";
import type { Tensor } from "../tensor.ts";
import { fakeClock, pairOf } from "../testing.ts";
import type { WalkPlan } from "../walk_plan.ts";
import { median, medianCosts } from "./measure.ts";

const SHAPE = [1, 2, 2];
const REQUEST: Source = { kind: "request" };

/** A plan in which each node reads the features of the given one, or the request. */
function planOf(spec: GraphSpec, reads: Record<string, string> = {}): WalkPlan {
  const inputs = Object.fromEntries(
    Object.entries(reads).map(([node, from]) => [node, { x: `${from}.features` }]),
  );
  const graph = buildGraph(pairOf(spec, { inputs }));
  const bindings = graph.nodes.map((node) => {
    const declared = graph.sources[node] ?? {};
    return [node, Object.keys(declared).length > 0 ? declared : { x: REQUEST }] as const;
  });
  const logits = graph.nodes.map((node) => [node, "logits"] as const);
  return { graph, bindings: Object.fromEntries(bindings), logits: Object.fromEntries(logits) };
}

/** Measures nodes of which each takes the milliseconds that `cost` gives for its nth run. */
async function measure(plan: WalkPlan, cost: (node: string, run: number) => number) {
  using clock = fakeClock();
  const runs: Record<string, number> = {};
  const inputs: Tensor[] = [];
  const costs = await medianCosts(plan, () => SHAPE, (node, { x }) => {
    runs[node] = (runs[node] ?? 0) + 1;
    clock.advance(cost(node, runs[node]));
    inputs.push(x as Tensor);
    const data = Float32Array.of(1, 2);
    const tensor: Tensor = { datatype: "FP32", shape: [1, 2], data };
    return Promise.resolve({ logits: tensor, features: tensor });
  });
  return { costs, runs, inputs };
}

Deno.test("medianCosts() gives every node its own cost, without that of what it reads", async () => {
  const plan = planOf(chain("s1", "s2", "s3"), { s2: "s1", s3: "s2" });
  const milliseconds: Record<string, number> = { s1: 1, s2: 10, s3: 30 };
  const { costs } = await measure(plan, (node) => milliseconds[node] ?? NaN);
  assertEquals(costs, milliseconds);
});

Deno.test("medianCosts() runs a node that reads the request without the others", async () => {
  const { runs } = await measure(planOf(chain("a", "b")), () => 1);
  // 200 ms of warm-up, then the 50 runs that count.
  assertEquals(runs, { a: 250, b: 250 });
});

Deno.test("medianCosts() leaves out the first three runs", async () => {
  const { costs } = await measure(
    planOf(chain("a", "b")),
    (_, run) => run <= 3 ? 1000 : 1000 + run,
  );
  assertEquals(costs, { a: 1006, b: 1006 });
});

Deno.test("medianCosts() takes the median of the runs", async () => {
  const { costs } = await measure(planOf(chain("a", "b")), (_, run) => run % 3 === 0 ? 20 : 1);
  assertEquals(costs, { a: 1, b: 1 });
});

Deno.test("medianCosts() runs a slow node five times after the first three", async () => {
  const { runs } = await measure(planOf(chain("a", "b")), (node) => node === "a" ? 500 : 40);
  assertEquals(runs, { a: 8, b: 13 });
});

Deno.test("medianCosts() feeds one item of finite numbers that are not all alike", async () => {
  const { inputs } = await measure(planOf(chain("a", "b")), () => 100);
  for (const { shape, data } of inputs) {
    assertEquals(shape, [1, ...SHAPE]);
    assertEquals(data.length, 4);
    assertEquals(data.every(Number.isFinite), true);
    assertEquals(new Set(data).size > 1, true);
  }
});

for (
  const [values, expected] of [
    [[5], 5],
    [[3, 1, 2], 2],
    [[10, 9, 100], 10],
    [[4, 1, 3, 2], 2.5],
    [[], NaN],
  ] as const
) {
  Deno.test(`median() of ${JSON.stringify(values)} is ${expected}`, () => {
    assertEquals(median(values), expected);
  });
}

Deno.test("median() leaves as many values above as below and its argument alone", () => {
  const numbers = fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 1 });
  fc.assert(fc.property(numbers, (values) => {
    const copy = [...values];
    const middle = median(values);
    const half = values.length / 2;
    assertEquals(values, copy);
    assertEquals(values.filter((value) => value < middle).length <= half, true);
    assertEquals(values.filter((value) => value > middle).length <= half, true);
  }));
});

Deno.test("medianCosts() feeds every node its own size", async () => {
  using clock = fakeClock();
  const seen: Record<string, readonly number[]> = {};
  const shape = (node: string) => node === "a" ? [1, 2, 2] : [3, 4, 5];
  await medianCosts(planOf(chain("a", "b")), shape, (node, { x }) => {
    clock.advance(100);
    seen[node] = x?.shape ?? [];
    return Promise.resolve({
      logits: { datatype: "FP32", shape: [1, 1], data: Float32Array.of(1) },
    });
  });
  assertEquals(seen, { a: [1, 1, 2, 2], b: [1, 3, 4, 5] });
});
