import { assert, assertEquals, assertRejects } from "@std/assert";
import { stub } from "@std/testing/mock";
import fc from "fast-check";
import {
  alwaysSelector,
  combineAnswers,
  type Evidence,
  type Selector,
} from "../../policies/mod.ts";
import { NotFiniteError } from "../base/errors.ts";
import type { Source } from "../pair/graph_inputs.ts";
import { chain } from "../pair/define_pair.ts";
import type { GraphSpec } from "../pair/pair_spec.ts";
import type { Tensor } from "../base/tensor.ts";
import { Batching } from "./batching.ts";
import { walk, walkBatch } from "./walk.ts";
import type { RunNode, WalkPlan } from "./walk_plan.ts";
import { rowOf } from "../../tests/harness/generators/tensors.ts";
import { planOf } from "../../tests/harness/generators/walk_plans.ts";

const REQUEST: Source = { kind: "request" };
const SCORES = { output: "scores" };

/** Takes the given actions one after the other. */
function script(...actions: string[]): Selector {
  return { decide: () => actions.shift() ?? "exit" };
}

/** Runs nothing: notes who was run on what, and answers with the given logits. */
function recorder(answer: (node: string) => number[] = () => [0, 1]) {
  const runs: { node: string; feeds: Readonly<Record<string, Tensor>> }[] = [];
  const run: RunNode = (node, feeds) => {
    runs.push({ node, feeds });
    const scores = rowOf(...answer(node));
    return Promise.resolve({ scores, features: rowOf(node.length), other: rowOf(NaN) });
  };
  return { runs, run };
}

const INPUT = rowOf(1, 2, 3);
const input = () => Promise.resolve(INPUT);
const THREE: GraphSpec = { a: ["b", "c"], b: ["c"], c: [] };

Deno.test("walk() runs what the selector names and answers with the exit's logits", async () => {
  const { runs, run } = recorder((node) => node === "c" ? [4, 5] : [0, 1]);
  const walked = await walk(planOf(THREE, SCORES), input, script("a", "c", "exit"), run);
  assertEquals(walked.path, ["a", "c"]);
  assertEquals(walked.exit, "c");
  assertEquals([...walked.logits], [4, 5]);
  assertEquals(runs.map(({ node }) => node), ["a", "c"]);
  assertEquals(walked.nodes.map(({ node }) => node), ["a", "c"]);
});

Deno.test("walk() answers with what the selector makes of all answers", async () => {
  const { run } = recorder((node) => node === "a" ? [2, 0] : [0, 1]);
  const selector: Selector = {
    ...script("a", "c", "exit"),
    answer: (evidence) => combineAnswers({ weights: { "a>c": [1, 3] } }, evidence),
  };
  const walked = await walk(planOf(THREE, SCORES), input, selector, run);
  assertEquals([walked.exit, ...walked.logits], ["c", 2, 3]);
});

Deno.test("walk() exits at a node that others may follow", async () => {
  const { runs, run } = recorder();
  const walked = await walk(planOf(THREE, SCORES), input, script("a", "exit"), run);
  assertEquals([walked.path, walked.exit], [["a"], "a"]);
  assertEquals(runs.length, 1);
});

Deno.test("walk() runs a node without its predecessors where the selector begins there", async () => {
  const walked = await walk(planOf(THREE, SCORES), input, script("c", "exit"), recorder().run);
  assertEquals(walked.path, ["c"]);
});

Deno.test("walk() shows the selector where it is and what all nodes answered", async () => {
  const seen: unknown[] = [];
  const actions = ["a", "b", "exit"];
  const decide = (node: string, { path, logits }: Evidence) => {
    seen.push([node, [...path], [...logits].map(([name, values]) => [name, ...values])]);
    return actions.shift() ?? "exit";
  };
  const { run } = recorder((node) => node === "a" ? [1, 2] : [3, 4]);
  await walk(planOf(THREE, SCORES), input, { decide }, run);
  assertEquals(seen, [
    ["start", [], []],
    ["a", ["a"], [["a", 1, 2]]],
    ["b", ["a", "b"], [["a", 1, 2], ["b", 3, 4]]],
  ]);
});

const STAGES: WalkPlan = {
  ...planOf(chain("s", "st", "sta"), SCORES),
  bindings: {
    s: { x: REQUEST },
    st: { x: { kind: "node", node: "s", output: "features" } },
    sta: { x: { kind: "node", node: "st", output: "features" }, raw: REQUEST },
  },
};

Deno.test("walk() hands features from stage to stage and runs each stage once", async () => {
  const { runs, run } = recorder();
  await walk(STAGES, input, script("s", "st", "sta", "exit"), run);
  assertEquals(runs, [
    { node: "s", feeds: { x: INPUT } },
    { node: "st", feeds: { x: rowOf(1) } },
    { node: "sta", feeds: { x: rowOf(2), raw: INPUT } },
  ]);
});

Deno.test("walk() asks for the request's input as each node that reads it wants it", async () => {
  const asked: string[] = [];
  const { runs, run } = recorder();
  const prepare = (node: string) => {
    asked.push(node);
    return Promise.resolve(rowOf(asked.length));
  };
  await walk(STAGES, prepare, script("s", "st", "sta", "exit"), run);
  assertEquals(asked, ["s", "sta"]);
  assertEquals(runs.map(({ feeds }) => feeds["raw"] ?? feeds["x"]), [
    rowOf(1),
    rowOf(1),
    rowOf(2),
  ]);
});

Deno.test("walk() measures each node without the preparation of its input", async () => {
  let now = 1000;
  using _clock = stub(performance, "now", () => now);
  const prepare = () => {
    now += 100;
    return input();
  };
  const { run } = recorder();
  const slow: RunNode = (node, feeds) => {
    now += node === "a" ? 2 : 7;
    return run(node, feeds);
  };
  const walked = await walk(planOf(THREE, SCORES), prepare, script("a", "b", "exit"), slow);
  assertEquals(walked.nodes, [{ node: "a", ms: 2 }, { node: "b", ms: 7 }]);
});

for (const value of [NaN, Infinity, -Infinity]) {
  Deno.test(`walk() refuses logits with ${value} and goes no further`, async () => {
    const { runs, run } = recorder((node) => node === "b" ? [0, value] : [0, 1]);
    const walking = () => walk(planOf(THREE, SCORES), input, script("a", "b", "c", "exit"), run);
    await assertRejects(walking, NotFiniteError, "Cannot use the answer of b: its logits are not");
    assertEquals(runs.length, 2);
  });
}

Deno.test("walk() refuses an answer without the output that has the logits", async () => {
  const run: RunNode = () => Promise.resolve({ logits: rowOf(0, 1) });
  const walking = () => walk(planOf(THREE, SCORES), input, script("a"), run);
  await assertRejects(walking, Error, "Cannot use the answer of a: its logits are missing");
});

/** What a selector may not do: its actions, and the error. */
const MISLED: [what: string, actions: string[], message: string][] = [
  ["an exit at start", ["exit"], "Cannot exit at start: no model has run"],
  ["a node that does not exist", ["a", "d"], "Cannot go from a to d"],
  ["a member of every object", ["a", "toString"], "Cannot go from a to toString"],
  ["the node that has just run", ["a", "a"], "Cannot go from a to a"],
  ["an earlier node", ["a", "b", "a"], "Cannot go from b to a"],
  ["start", ["a", "start"], "Cannot go from a to start"],
];

for (const [what, actions, message] of MISLED) {
  Deno.test(`walk() refuses a selector that names ${what}`, async () => {
    const { runs, run } = recorder();
    await assertRejects(
      () => walk(planOf(THREE, SCORES), input, script(...actions), run),
      Error,
      message,
    );
    assertEquals(runs.length, actions.length - 1);
  });
}

Deno.test("walk() refuses a node that reads what has not run", async () => {
  const { runs, run } = recorder();
  const walking = () => walk(STAGES, input, script("s", "sta"), run);
  await assertRejects(walking, Error, "Cannot run sta: its input x reads a node that has not run");
  assertEquals(runs.length, 1);
});

Deno.test("walk() rejects with the error of the model", async () => {
  const error = new RangeError("the model failed");
  const walking = walk(planOf(THREE, SCORES), input, script("a"), () => Promise.reject(error));
  assert(await walking.catch((caught) => caught) === error);
});

Deno.test("walk() goes down any chain to the first node that is sure enough, and no further", async () => {
  const confidences = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), {
    minLength: 2,
    maxLength: 8,
  });
  const thresholds = fc.double({ min: 0, max: 1, noNaN: true });
  await fc.assert(fc.asyncProperty(confidences, thresholds, async (levels, threshold) => {
    const names = levels.map((_, index) => `n${index}`);
    const level = (node: string) => Math.fround(levels[names.indexOf(node)] ?? 0);
    const decide = (node: string, { logits }: Evidence) => {
      const next = names[names.indexOf(node) + 1];
      return next === undefined || (logits.get(node)?.[0] ?? -1) >= threshold ? "exit" : next;
    };
    const { runs, run } = recorder((node) => [level(node)]);
    const walked = await walk(planOf(chain(...names), SCORES), input, { decide }, run);
    const sure = names.findIndex((node) => level(node) >= threshold);
    const expected = names.slice(0, sure < 0 ? names.length : sure + 1);
    assertEquals(walked.path, expected);
    assertEquals(runs.map(({ node }) => node), expected);
    assertEquals(walked.nodes.map(({ node }) => node), expected);
    assertEquals([walked.exit, walked.logits[0]], [expected.at(-1), level(walked.exit)]);
  }));
});

Deno.test("walkBatch() takes every input the way that it goes alone, and runs a node once for all", async () => {
  const start = fc.array(fc.record({ a: fc.nat(9), b: fc.nat(9) }), { minLength: 1, maxLength: 8 });
  await fc.assert(fc.asyncProperty(start, async (values) => {
    // Of each input: above 4 at a goes on to b, above 7 past it; above 4 at b goes on to c.
    const decide = (node: string, { logits }: Evidence) => {
      const [a = 0] = logits.get("a") ?? [];
      if (node === "start") return "a";
      if (node === "a") return a > 7 ? "c" : a > 4 ? "b" : "exit";
      return node === "b" && (logits.get("b")?.[0] ?? 0) > 4 ? "c" : "exit";
    };
    const runs: string[] = [];
    const run: RunNode = (node, { x }) => {
      const rows = x?.shape[0] ?? 0;
      runs.push(`${node} ${rows}`);
      const data = Float32Array.from({ length: rows }, (_, row) => {
        const [a = 0, b = 0] = x?.data.subarray(2 * row) ?? [];
        return node === "a" ? a : node === "b" ? b : 100 * a + b;
      });
      return Promise.resolve({ scores: { datatype: "FP32", shape: [rows, 1], data } });
    };
    const inputs = values.map(({ a, b }) => () => Promise.resolve(rowOf(a, b)));
    const plan = { ...planOf(THREE, SCORES), batched: new Set(["a", "b", "c"]) };
    const together = await walkBatch(plan, inputs, { decide }, { run });
    const alike = ["a", "b", "c"].map((node) => {
      return `${node} ${together.filter(({ path }) => path.includes(node)).length}`;
    });
    assertEquals(runs, alike.filter((line) => !line.endsWith(" 0")));
    for (const [index, input] of inputs.entries()) {
      const { path, exit, logits, confidence } = await walk(plan, input, { decide }, run);
      const found = together[index]!;
      assertEquals([found.path, found.exit, found.confidence], [path, exit, confidence]);
      assertEquals([...found.logits], [...logits]);
      assertEquals(found.nodes.map(({ node }) => node), path);
    }
  }));
});

Deno.test("walkBatch() remembers with its batching, not in the plan, what takes no batches", async () => {
  const sizes: number[] = [];
  const run: RunNode = (_, { x }) => {
    const { shape: [rows = 0] = [] } = x as Tensor;
    sizes.push(rows);
    if (rows > 1) return Promise.reject(new Error("Reshape failed"));
    return Promise.resolve({ scores: rowOf(1) });
  };
  const plan = { ...planOf(THREE, SCORES), batched: new Set(["a"]) };
  const batching = new Batching(plan.batched);
  const inputs = [1, 2].map((value) => () => Promise.resolve(rowOf(value)));
  for (let turn = 0; turn < 2; turn++) {
    await walkBatch(plan, inputs, alwaysSelector(["a"]), { run, batching });
  }
  assertEquals(sizes, [2, 1, 1, 1, 1]);
  assertEquals([batching.has("a"), plan.batched.has("a")], [false, true]);
});

Deno.test("walkBatch() shares a run's time among the items that were in it", async () => {
  let now = 1000;
  using _clock = stub(performance, "now", () => now);
  const { run } = recorder();
  const slow: RunNode = (node, feeds) => {
    now += node === "a" ? 6 : 5;
    return run(node, feeds);
  };
  let left = 3;
  // All three inputs begin at a; one of them goes on.
  const decide = (node: string) => {
    if (node === "start") return "a";
    return node === "a" && --left === 0 ? "b" : "exit";
  };
  const plan = planOf(THREE, SCORES);
  const walked = await walkBatch(plan, [input, input, input], { decide }, { run: slow });
  assertEquals(walked.map(({ nodes }) => nodes.map(({ ms }) => ms)), [[6], [6], [6, 5]]);
});
