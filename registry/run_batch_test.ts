import { assertEquals, assertRejects } from "@std/assert";
import { runBatch } from "./run_batch.ts";
import type { Tensor } from "./tensor.ts";
import type { RunNode } from "./walk_plan.ts";

function tensor(shape: number[], ...data: number[]): Tensor {
  return { datatype: "FP32", shape, data: Float32Array.from(data) };
}

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
  const outputs = await runBatch({ batched: new Set(["a"]) }, "a", feedsOf(3), run);
  assertEquals(outputs, [0, 2, 4].map((value) => ({ y: tensor([1, 2], value, value) })));
  assertEquals(sizes, [3]);
});

Deno.test("runBatch() stacks every input and splits every output", async () => {
  const run: RunNode = (_, { p, q }) => Promise.resolve({ first: q!, second: p! });
  const feeds = [1, 2].map((value) => ({
    p: tensor([1], value),
    q: tensor([1, 1, 2], 10 * value, 11 * value),
  }));
  const outputs = await runBatch({ batched: new Set(["a"]) }, "a", feeds, run);
  assertEquals(outputs, feeds.map(({ p, q }) => ({ first: q, second: p })));
});

Deno.test("runBatch() runs one by one what does not take several", async () => {
  for (const plan of [{}, { batched: new Set(["other"]) }]) {
    const { sizes, run } = doubling();
    assertEquals((await runBatch(plan, "a", feedsOf(3), run)).length, 3);
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
    await runBatch({ batched: new Set(["a"]) }, "a", feedsOf(count, size), run);
    assertEquals(sizes, [...expected]);
  });
}

for (const fault of ["throws", "gives one answer"]) {
  Deno.test(`runBatch() notices a model that ${fault} for several`, async () => {
    const batched = new Set(["a", "b"]);
    const { sizes, run } = doubling();
    const single: RunNode = async (node, feeds) => {
      const outputs = await run(node, feeds);
      if (feeds["x"]?.shape[0] === 1) return outputs;
      if (fault === "throws") throw new Error("Reshape failed");
      return { y: tensor([1, 2], 1, 1) };
    };
    for (const sum of [4, 7]) {
      const outputs = await runBatch({ batched }, "a", feedsOf(3), single);
      assertEquals(outputs.map((output) => "y" in output && output.y?.data[0]), [0, 2, 4]);
      assertEquals(sizes.length, sum);
    }
    assertEquals([...batched], ["b"]);
  });
}

Deno.test("runBatch() fails with the item's own error, and still takes several afterwards", async () => {
  const batched = new Set(["a"]);
  const failing = () => Promise.reject(new Error("no memory"));
  await assertRejects(() => runBatch({ batched }, "a", feedsOf(2), failing), Error, "no memory");
  assertEquals([...batched], ["a"]);
});
