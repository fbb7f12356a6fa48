import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  alwaysSelector,
  combineAnswers,
  type Evidence,
  type Selector,
} from "../../policies/mod.ts";
import { chain } from "../pair/define_pair.ts";
import { NodeUnavailableError } from "../base/errors.ts";
import type { GraphSpec } from "../pair/pair_spec.ts";
import type { Tensor } from "../base/tensor.ts";
import { walk, walkBatch } from "./walk.ts";
import type { RunNode, WalkPlan } from "./walk_plan.ts";
import { rowOf } from "../../tests/harness/generators/tensors.ts";
import { planOf as singlePlanOf } from "../../tests/harness/generators/walk_plans.ts";

const THREE: GraphSpec = { a: ["b", "c"], b: ["c"], c: [] };

/** A plan for a graph whose nodes read the request, each on several items at once, unless told otherwise. */
function planOf(spec: GraphSpec, reads: Record<string, string> = {}): WalkPlan {
  const plan = singlePlanOf(spec, { reads, output: "scores" });
  return { ...plan, batched: new Set(plan.graph.nodes) };
}

function inputOf(value: number) {
  return () => Promise.resolve(rowOf(value));
}

/** What is wrong with a node for an input of the given value, if anything. */
type Faults = Record<string, (value: number) => "away" | "refused" | undefined>;

const away = () => "away" as const;

/** Answers [value, place of the node in the alphabet]; of each run, notes the node and its values. */
function elsewhere(faults: Faults) {
  const runs: string[] = [];
  const run: RunNode = (node, { x }) => {
    const values = [...x?.data ?? []];
    runs.push(`${node} ${values.join(" ")}`);
    const found = values.map((value) => faults[node]?.(value)).find((fault) => fault !== undefined);
    if (found) {
      return Promise.reject(new NodeUnavailableError(node, `it is ${found}`, found === "refused"));
    }
    const place = node.charCodeAt(0) - 97;
    const shape = [values.length, 2];
    const data = Float32Array.from(values.flatMap((value) => [value, place]));
    const features: Tensor = { datatype: "FP32", shape: [values.length, 1], data: x!.data.slice() };
    return Promise.resolve({ scores: { datatype: "FP32", shape, data }, features });
  };
  return { runs, run };
}

/** From a on to b above 4, past it to c above 7; from b on to c above 5. */
const byValue: Selector = {
  decide(node: string, { logits }: Evidence) {
    const value = logits.get("a")?.[0] ?? 0;
    if (node === "start") return "a";
    if (node === "a") return value > 7 ? "c" : value > 4 ? "b" : "exit";
    return node === "b" && value > 5 ? "c" : "exit";
  },
};

Deno.test("walkBatch() answers with the last node before one that is away, and names it", async () => {
  const { runs, run } = elsewhere({ c: away });
  const selector = alwaysSelector(["a", "b", "c"]);
  const [walked] = await walkBatch(planOf(THREE), [inputOf(3)], selector, { run, degrade: true });
  assertEquals([walked?.path, walked?.exit], [["a", "b"], "b"]);
  assertEquals([...walked?.logits ?? []], [3, 1]);
  assertEquals(walked?.nodes.map(({ node }) => node), ["a", "b"]);
  assertEquals(walked?.degraded, { node: "c", reason: "it is away" });
  assertEquals(runs, ["a 3", "b 3", "c 3"]);
});

Deno.test("walkBatch() lets the selector combine the answers that there are", async () => {
  const { run } = elsewhere({ c: away });
  const weights = { "a>b": [1, 10], "a>b>c": [1, 10, 100] };
  const selector: Selector = {
    ...alwaysSelector(["a", "b", "c"]),
    answer: (evidence) => combineAnswers({ weights }, evidence),
  };
  const [walked] = await walkBatch(planOf(THREE), [inputOf(3)], selector, { run, degrade: true });
  assertEquals([...walked?.logits ?? []], [33, 10]);
});

for (const walking of ["walk()", "walkBatch()"]) {
  Deno.test(`${walking} fails where a node is away and nobody asked for less`, async () => {
    const { runs, run } = elsewhere({ b: away });
    const selector = alwaysSelector(["a", "b"]);
    const task = walking === "walk()"
      ? walk(planOf(THREE), inputOf(3), selector, run)
      : walkBatch(planOf(THREE), [inputOf(3)], selector, { run });
    const error = await assertRejects(() => task, NodeUnavailableError, "Cannot run b: it is away");
    assertEquals([error.node, error.reason, error.refused], ["b", "it is away", false]);
    assertEquals(runs, ["a 3", "b 3"]);
  });
}

Deno.test("walkBatch() degrades only the items that the policy sends to the node", async () => {
  const { runs, run } = elsewhere({ c: away });
  const inputs = [1, 5, 8, 6].map(inputOf);
  const walked = await walkBatch(planOf(THREE), inputs, byValue, { run, degrade: true });
  assertEquals(walked.map(({ path }) => path.join(">")), ["a", "a>b", "a", "a>b"]);
  assertEquals(walked.map(({ degraded }) => degraded?.node), [undefined, undefined, "c", "c"]);
  assertEquals(walked.map(({ logits }) => [...logits]), [[1, 0], [5, 1], [8, 0], [6, 1]]);
  assert(!("degraded" in walked[0]!));
  assertEquals(runs, ["a 1 5 8 6", "b 5 6", "c 8 6"]);
});

Deno.test("walkBatch() degrades only the inputs that a node refuses", async () => {
  const { runs, run } = elsewhere({ c: (value) => value === 8 ? "refused" : undefined });
  const inputs = [7, 8, 9].map(inputOf);
  const selector = alwaysSelector(["a", "c"]);
  const walked = await walkBatch(planOf(THREE), inputs, selector, { run, degrade: true });
  assertEquals(walked.map(({ exit }) => exit), ["c", "a", "c"]);
  assertEquals(walked.map(({ logits }) => logits[0]), [7, 8, 9]);
  assertEquals(walked[1]?.degraded, { node: "c", reason: "it is refused" });
  assertEquals(runs, ["a 7 8 9", "c 7 8 9", "c 7", "c 8", "c 9"]);
});

Deno.test("walkBatch() takes the best node that can run where none has answered yet", async () => {
  const { runs, run } = elsewhere({ c: away });
  const inputs = [1, 2].map(inputOf);
  const walked = await walkBatch(planOf(THREE), inputs, alwaysSelector(["c"]), {
    run,
    degrade: true,
  });
  assertEquals(walked.map(({ path, logits }) => [path, ...logits]), [[["b"], 1, 1], [["b"], 2, 1]]);
  for (const { degraded } of walked) assertEquals(degraded, { node: "c", reason: "it is away" });
  assertEquals(runs, ["c 1 2", "b 1 2"]);
});

Deno.test("walkBatch() goes on to the next best where that is away too, and blames the chosen", async () => {
  const { runs, run } = elsewhere({ b: away, c: away });
  const [walked] = await walkBatch(
    planOf(THREE),
    [inputOf(1)],
    alwaysSelector(["c"]),
    { run, degrade: true },
  );
  assertEquals([walked?.exit, walked?.degraded?.node], ["a", "c"]);
  assertEquals(runs, ["c 1", "b 1", "a 1"]);
});

Deno.test("walkBatch() rescues only what is lost, each item with its own reason", async () => {
  const { run } = elsewhere({ a: (value) => value === 8 ? "refused" : undefined, c: away });
  const decide = (node: string) => node === "start" ? "a" : "exit";
  const walked = await walkBatch(planOf(THREE), [7, 8, 9].map(inputOf), { decide }, {
    run,
    degrade: true,
  });
  assertEquals(walked.map(({ path }) => path), [["a"], ["b"], ["a"]]);
  assertEquals(walked.map(({ logits }) => logits[0]), [7, 8, 9]);
  assertEquals(walked.map(({ degraded }) => degraded), [
    undefined,
    { node: "a", reason: "it is refused" },
    undefined,
  ]);
});

Deno.test("walkBatch() runs a stage to the rescue with all that it reads", async () => {
  const plan = planOf(chain("a", "b", "c"), { b: "a" });
  const { runs, run } = elsewhere({ c: away });
  const [walked] = await walkBatch(plan, [inputOf(1)], alwaysSelector(["c"]), {
    run,
    degrade: true,
  });
  assertEquals([walked?.path, walked?.degraded?.node], [["a", "b"], "c"]);
  assertEquals(runs, ["c 1", "a 1", "b 1"]);
});

Deno.test("walkBatch() does not try what reads a node that is away", async () => {
  const plan = planOf(chain("a", "b", "c"), { b: "a", c: "b" });
  const { runs, run } = elsewhere({ a: away });
  const task = walkBatch(plan, [inputOf(1)], alwaysSelector(["a", "b"]), { run, degrade: true });
  await assertRejects(() => task, NodeUnavailableError, "Cannot run a: it is away");
  assertEquals(runs, ["a 1"]);
});

Deno.test("walkBatch() fails with the error of the chosen node where nothing can run", async () => {
  const { runs, run } = elsewhere({ a: away, b: away, c: away });
  const task = walkBatch(planOf(THREE), [inputOf(1)], alwaysSelector(["b"]), {
    run,
    degrade: true,
  });
  const error = await assertRejects(() => task, NodeUnavailableError);
  assertEquals(error.node, "b");
  assertEquals(runs, ["b 1", "c 1", "a 1"]);
});

Deno.test("walkBatch() fails with the first error where inputs are lost at several nodes", async () => {
  const { run } = elsewhere({ a: away, b: away, c: away });
  let left = 3;
  const decide = () => left-- === 2 ? "a" : "b";
  const task = walkBatch(planOf(THREE), [1, 2, 3].map(inputOf), { decide }, { run, degrade: true });
  assertEquals((await assertRejects(() => task, NodeUnavailableError)).node, "a");
});

Deno.test("walkBatch() does not take other errors for a node that is away", async () => {
  const { run } = elsewhere({ c: away });
  const fails: RunNode = (node, feeds) =>
    node === "b" ? Promise.reject(new RangeError("no memory")) : run(node, feeds);
  for (const path of [["a", "b"], ["c"]]) {
    const task = walkBatch(planOf(THREE), [inputOf(1)], alwaysSelector(path), {
      run: fails,
      degrade: true,
    });
    await assertRejects(() => task, RangeError, "no memory");
  }
});

Deno.test("walkBatch() marks nothing where all nodes answer", async () => {
  const { run } = elsewhere({});
  const inputs = [1, 5, 8].map(inputOf);
  const strict = await walkBatch(planOf(THREE), inputs, byValue, { run });
  const lenient = await walkBatch(planOf(THREE), inputs, byValue, { run, degrade: true });
  const shown = (walked: typeof strict) => walked.map(({ path, logits }) => [path, ...logits]);
  assertEquals(shown(lenient), shown(strict));
  assert(lenient.every((item) => !("degraded" in item)));
});
