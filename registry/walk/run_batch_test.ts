import { assertEquals, assertRejects } from "@std/assert";
import { NodeUnavailableError } from "../base/errors.ts";
import { Batching } from "./batching.ts";
import { runBatch } from "./run_batch.ts";
import type { RunNode } from "./walk_plan.ts";
import { tensorOf } from "../../tests/harness/generators/tensors.ts";

/** Doubles what it reads; notes how many items each run had. */
function doubling() {
  const sizes: number[] = [];
  const run: RunNode = (_, { x }) => {
    const { shape = [], data = new Float32Array() } = x ?? {};
    sizes.push(shape[0] ?? 0);
    return Promise.resolve({
      y: { datatype: "FP32", shape, data: data.map((value) => 2 * value) },
    });
  };
  return { sizes, run };
}

const feedsOf = (count: number, size = 2) =>
  Array.from({ length: count }, (_, index) => ({
    x: { datatype: "FP32" as const, shape: [1, size], data: new Float32Array(size).fill(index) },
  }));

Deno.test("runBatch() gives every item its own outputs, from one run", async () => {
  const { sizes, run } = doubling();
  const outputs = await runBatch(new Batching(["a"]), "a", feedsOf(3), run);
  assertEquals(outputs, [0, 2, 4].map((value) => ({ y: tensorOf([1, 2], value, value) })));
  assertEquals(sizes, [3]);
});

Deno.test("runBatch() stacks every input and splits every output", async () => {
  const run: RunNode = (_, { p, q }) => Promise.resolve({ first: q!, second: p! });
  const feeds = [1, 2].map((value) => ({
    p: tensorOf([1], value),
    q: tensorOf([1, 1, 2], 10 * value, 11 * value),
  }));
  const outputs = await runBatch(new Batching(["a"]), "a", feeds, run);
  assertEquals(outputs, feeds.map(({ p, q }) => ({ first: q, second: p })));
});

Deno.test("runBatch() runs one by one what does not take several", async () => {
  for (const batching of [new Batching(), new Batching(["other"])]) {
    const { sizes, run } = doubling();
    assertEquals((await runBatch(batching, "a", feedsOf(3), run)).length, 3);
    assertEquals(sizes, [1, 1, 1]);
  }
});

for (
  const [count, size, expected] of [
    [150, 2, [64, 64, 22]],
    [5, 2 ** 19, [2, 2, 1]],
    [2, 2 ** 21, [1, 1]],
  ] as const
) {
  Deno.test(`runBatch() bounds the items of a run: ${count} of ${size} numbers`, async () => {
    const { sizes, run } = doubling();
    await runBatch(new Batching(["a"]), "a", feedsOf(count, size), run);
    assertEquals(sizes, [...expected]);
  });
}

for (const fault of ["throws", "gives one answer"]) {
  Deno.test(`runBatch() notices a model that ${fault} for several`, async () => {
    const batching = new Batching(["a", "b"]);
    const { sizes, run } = doubling();
    const single: RunNode = async (node, feeds) => {
      const outputs = await run(node, feeds);
      if (feeds["x"]?.shape[0] === 1) return outputs;
      if (fault === "throws") throw new Error("Reshape failed");
      return { y: tensorOf([1, 2], 1, 1) };
    };
    for (const sum of [4, 7]) {
      const outputs = await runBatch(batching, "a", feedsOf(3), single);
      assertEquals(outputs.map((output) => "y" in output && output.y?.data[0]), [0, 2, 4]);
      assertEquals(sizes.length, sum);
    }
    assertEquals(["a", "b"].map((node) => batching.has(node)), [false, true]);
  });
}

Deno.test("runBatch() fails with the item's own error, and still takes several afterwards", async () => {
  const batching = new Batching(["a"]);
  const failing = () => Promise.reject(new Error("no memory"));
  await assertRejects(() => runBatch(batching, "a", feedsOf(2), failing), Error, "no memory");
  assertEquals(batching.has("a"), true);
});

/** Doubles, but fails for a run that has one of the given values; notes the first value of every item. */
function failing(values: readonly number[], refused: boolean) {
  const { run } = doubling();
  const runs: number[][] = [];
  const failingRun: RunNode = (node, { x }) => {
    const items = [...x?.data ?? []].filter((_, index) => index % 2 === 0);
    runs.push(items);
    if (!items.some((item) => values.includes(item))) return run(node, { x: x! });
    return Promise.reject(new NodeUnavailableError(node, `fails for ${items}`, refused));
  };
  return { runs, run: failingRun };
}

/** What each item was answered, or the reason of its error. */
function shown(results: Awaited<ReturnType<typeof runBatch>>) {
  return results.map((result) => {
    return result instanceof NodeUnavailableError ? result.reason : result["y"]?.data[0];
  });
}

Deno.test("runBatch() asks a node that is away once for a batch", async () => {
  const batching = new Batching(["a"]);
  const { runs, run } = failing([1], false);
  const results = await runBatch(batching, "a", feedsOf(150), run);
  assertEquals(runs.map(({ length }) => length), [64]);
  assertEquals(results.length, 150);
  assertEquals(new Set(results).size, 1);
  assertEquals(batching.has("a"), true);
});

Deno.test("runBatch() does not ask again once a later run of a batch finds the node away", async () => {
  const { runs, run } = failing([70], false);
  const results = await runBatch(new Batching(["a"]), "a", feedsOf(200), run);
  assertEquals(runs.map(({ length }) => length), [64, 64]);
  assertEquals(shown(results).slice(0, 64), Array.from({ length: 64 }, (_, item) => 2 * item));
  assertEquals(results.slice(64).every((result) => result instanceof NodeUnavailableError), true);
});

Deno.test("runBatch() does not ask again where items run one by one", async () => {
  const { runs, run } = failing([1], false);
  const results = await runBatch(new Batching(), "a", feedsOf(4), run);
  assertEquals(runs, [[0], [1]]);
  assertEquals(shown(results), [0, "fails for 1", "fails for 1", "fails for 1"]);
});

for (const batching of [new Batching(), new Batching(["a"])]) {
  const together = batching.has("a");
  const how = together ? "together" : "one by one";
  Deno.test(`runBatch() goes on after inputs that a node refuses, run ${how}`, async () => {
    const { runs, run } = failing([1, 3], true);
    assertEquals(shown(await runBatch(batching, "a", feedsOf(5), run)), [
      0,
      "fails for 1",
      4,
      "fails for 3",
      8,
    ]);
    assertEquals(runs.slice(-5), [[0], [1], [2], [3], [4]]);
    assertEquals(batching.has("a"), together);
  });
}

Deno.test("runBatch() runs one by one from now on what a node refuses only together", async () => {
  const batching = new Batching(["a"]);
  const { sizes, run } = doubling();
  const single: RunNode = (node, feeds) =>
    feeds["x"]?.shape[0] === 1
      ? run(node, feeds)
      : Promise.reject(new NodeUnavailableError(node, "one at a time", true));
  assertEquals(shown(await runBatch(batching, "a", feedsOf(3), single)), [0, 2, 4]);
  assertEquals([sizes, batching.has("a")], [[1, 1, 1], false]);
});

Deno.test("runBatch() stops where the node goes away while a refused batch runs one by one", async () => {
  const { run } = doubling();
  let asked = 0;
  const going: RunNode = (node, feeds) => {
    if (++asked === 2) return run(node, feeds);
    return Promise.reject(new NodeUnavailableError(node, `${asked}`, asked === 1));
  };
  const batching = new Batching(["a"]);
  assertEquals(shown(await runBatch(batching, "a", feedsOf(4), going)), [0, "3", "3", "3"]);
  assertEquals([asked, batching.has("a")], [3, true]);
});
