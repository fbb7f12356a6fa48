import { assertEquals } from "@std/assert";
import { spy, stub } from "@std/testing/mock";
import { buildGraph, type Source } from "../pair/graph_inputs.ts";
import { chain } from "../pair/define_pair.ts";
import type { Tensor } from "../base/tensor.ts";
import { pairOf } from "../../tests/harness/generators/pair_specs.ts";
import type { RunNode } from "../walk/walk_plan.ts";
import { quantile, sampleCosts, type SampleCostsOptions } from "./sample_costs.ts";

const REQUEST: Source = { kind: "request" };
const TENSOR: Tensor = { datatype: "FP32", shape: [1, 2], data: Float32Array.of(0, 1) };

/** Measures a cheap and a dear node, of which each run takes what `cost` gives for its round. */
async function measure(
  cost: (node: string, round: number) => number,
  options: SampleCostsOptions = {},
) {
  let now = 1000;
  using _clock = stub(performance, "now", () => now);
  const plan = {
    graph: buildGraph(pairOf(chain("cheap", "dear"))),
    bindings: { cheap: { x: REQUEST }, dear: { x: REQUEST } },
    logits: { cheap: "logits", dear: "logits" },
  };
  const order: string[] = [];
  const rounds: number[] = [];
  const run: RunNode = (node) => {
    order.push(node);
    now += cost(node, rounds.at(-1) as number);
    return Promise.resolve({ logits: TENSOR });
  };
  const input = (round: number) => {
    rounds.push(round);
    return () => Promise.resolve(TENSOR);
  };
  const costs = await sampleCosts(plan, input, run, options);
  return { costs, order, rounds };
}

Deno.test("sampleCosts() lets nodes take turns, so that they share slow moments", async () => {
  const { order, rounds } = await measure(() => 1, { warmUpRounds: 1, rounds: 2 });
  const round = [...Array(5).fill("cheap"), ...Array(5).fill("dear")];
  assertEquals(order, [...round, ...round, ...round]);
  assertEquals(rounds, [0, 1, 2]);
});

Deno.test("sampleCosts() gives median and tenths of what came after the warm-up", async () => {
  const { costs } = await measure(
    (node, round) => round < 20 ? 9999 : (node === "dear" ? 1000 : 0) + round - 19,
  );
  assertEquals(costs, {
    cheap: { median: 51, p10: 11, p90: 91, runs: 400 },
    dear: { median: 1051, p10: 1011, p90: 1091, runs: 400 },
  });
});

Deno.test("sampleCosts() does not count the first run of a turn", async () => {
  let last = "";
  const { costs } = await measure((node) => {
    const first = node !== last;
    last = node;
    return first ? 100 : 1;
  }, { rounds: 3 });
  assertEquals(costs["dear"], { median: 1, p10: 1, p90: 1, runs: 12 });
});

Deno.test("sampleCosts() ends when the time is spent, but not before ten rounds", async () => {
  const options = { rounds: 1000, budgetMs: 300 };
  assertEquals((await measure(() => 100, options)).costs["dear"]?.runs, 40);
  // After 30 rounds of 10 ms the time is spent exactly, and one more is begun.
  assertEquals((await measure(() => 1, options)).costs["dear"]?.runs, 44);
});

Deno.test("sampleCosts() tells how far it is", async () => {
  const onRound = spy();
  await measure(() => 1, { warmUpRounds: 1, rounds: 2, onRound });
  assertEquals(onRound.calls.map(({ args }) => args), [[1, 3], [2, 3], [3, 3]]);
});

Deno.test("quantile() takes the value at a share of the sorted list", () => {
  assertEquals([0, 0.5, 0.9, 1].map((share) => quantile([1, 2, 3, 4], share)), [1, 3, 4, 4]);
  assertEquals(quantile([], 0.5), NaN);
});
