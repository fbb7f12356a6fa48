import { assertEquals, assertRejects } from "@std/assert";
import { stub } from "@std/testing/mock";
import fc from "fast-check";
import { NodeUnavailableError } from "../base/errors.ts";
import { chain } from "../pair/define_pair.ts";
import type { Tensor } from "../base/tensor.ts";
import type { WalkPlan } from "../walk/walk_plan.ts";
import { median, medianCosts, type MedianCostsOptions } from "./measure.ts";
import { planOf } from "../../tests/harness/generators/walk_plans.ts";

const SHAPE = [1, 2, 2];

/** Measures nodes of which each takes the milliseconds that `cost` gives for its nth run. */
async function measure(
  plan: WalkPlan,
  cost: (node: string, run: number) => number,
  options?: MedianCostsOptions,
) {
  let now = 1000;
  using _clock = stub(performance, "now", () => now);
  const runs: Record<string, number> = {};
  const inputs: Tensor[] = [];
  const costs = await medianCosts(plan, () => SHAPE, (node, { x }) => {
    runs[node] = (runs[node] ?? 0) + 1;
    now += cost(node, runs[node]);
    inputs.push(x as Tensor);
    const data = Float32Array.of(1, 2);
    const tensor: Tensor = { datatype: "FP32", shape: [1, 2], data };
    return Promise.resolve({ logits: tensor, features: tensor });
  }, options);
  return { costs, runs, inputs };
}

Deno.test("medianCosts() gives every node its own cost, without that of what it reads", async () => {
  const plan = planOf(chain("s1", "s2", "s3"), { reads: { s2: "s1", s3: "s2" } });
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
  let now = 1000;
  using _clock = stub(performance, "now", () => now);
  const seen: Record<string, readonly number[]> = {};
  const shape = (node: string) => node === "a" ? [1, 2, 2] : [3, 4, 5];
  await medianCosts(planOf(chain("a", "b")), shape, (node, { x }) => {
    now += 100;
    seen[node] = x?.shape ?? [];
    return Promise.resolve({
      logits: { datatype: "FP32", shape: [1, 1], data: Float32Array.of(1) },
    });
  });
  assertEquals(seen, { a: [1, 1, 2, 2], b: [1, 3, 4, 5] });
});

/** Costs 100 ms a run, but is away from the nth run on. */
function goesAt(away: string, nth: number, refused = false) {
  return (node: string, run: number) => {
    if (node === away && run >= nth) throw new NodeUnavailableError(node, "refused", refused);
    return 100;
  };
}

// Three runs of warm-up, of which the budget is spent, then five that count.
for (const nth of [1, 3, 4, 8]) {
  Deno.test(`medianCosts() leaves out a node that goes away at run ${nth}, and asks no more`, async () => {
    const { costs, runs } = await measure(planOf(chain("a", "b", "c")), goesAt("b", nth));
    assertEquals([costs, runs], [{ a: 100, c: 100 }, { a: 8, b: nth, c: 8 }]);
  });
}

Deno.test("medianCosts() leaves out what refuses its pattern", async () => {
  const { costs } = await measure(planOf(chain("a", "b")), goesAt("a", 1, true));
  assertEquals(costs, { b: 100 });
});

Deno.test("medianCosts() leaves out what reads a node that is away", async () => {
  const plan = planOf(chain("a", "b", "c"), { reads: { b: "a" } });
  assertEquals((await measure(plan, goesAt("a", 1))).costs, { c: 100 });
});

Deno.test("medianCosts() fails of any other error", async () => {
  const fails = () =>
    measure(planOf(chain("a", "b")), () => {
      throw new RangeError("no memory");
    });
  await assertRejects(fails, RangeError, "no memory");
});

Deno.test("medianCosts() runs a model elsewhere six times, and leaves out the first", async () => {
  const isElsewhere = (node: string) => node === "b";
  const cost = (node: string, run: number) => node === "b" && run === 1 ? 90 : 10 + run % 2;
  const { costs, runs } = await measure(planOf(chain("a", "b")), cost, { isElsewhere });
  assertEquals([costs["b"], runs["b"]], [10, 6]);
  assertEquals((runs["a"] ?? 0) > 6, true);
});

Deno.test("medianCosts() measures only what it is asked for", async () => {
  const only = (node: string) => node === "b";
  const { costs, runs } = await measure(planOf(chain("a", "b", "c")), () => 100, { only });
  assertEquals([costs, runs], [{ b: 100 }, { b: 8 }]);
  const stages = planOf(chain("a", "b", "c"), { reads: { b: "a" } });
  const staged = await measure(stages, (node) => node === "a" ? 7 : 100, { only });
  assertEquals([staged.costs, staged.runs], [{ b: 100 }, { a: 8, b: 8 }]);
});
