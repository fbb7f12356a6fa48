import { assertEquals } from "@std/assert";
import { NodeUnavailableError } from "../base/errors.ts";
import { Batching } from "./batching.ts";
import { runBatch } from "./run_batch.ts";
import type { Tensor } from "../base/tensor.ts";

/** A server that fails as it is told: given the values of a run's items, an error or nothing. */
function serverOf(fail: (values: readonly number[]) => NodeUnavailableError | undefined) {
  const runs: number[][] = [];
  const run = (_: string, { x }: Readonly<Record<string, Tensor>>) => {
    const values = [...x?.data ?? []];
    runs.push(values);
    const error = fail(values);
    const y: Tensor = {
      datatype: "FP32",
      shape: [values.length, 1],
      data: Float32Array.from(values),
    };
    return error ? Promise.reject(error) : Promise.resolve({ y });
  };
  return { runs, run };
}

function feedsOf(count: number): { x: Tensor }[] {
  return Array.from({ length: count }, (_, index) => ({
    x: { datatype: "FP32", shape: [1, 1], data: Float32Array.of(index) },
  }));
}

const DOWN = new NodeUnavailableError("n", "down");
const REFUSED = new NodeUnavailableError("n", "status 422", true);

/** The value of each item, or what went wrong. */
async function outcomes(count: number, batching: Batching, server: ReturnType<typeof serverOf>) {
  const results = await runBatch(batching, "n", feedsOf(count), server.run);
  return results.map((result) =>
    result instanceof NodeUnavailableError ? result.reason : result["y"]?.data[0]
  );
}

Deno.test("runBatch() asks a node that is away once, however many items there are", async () => {
  for (const [batching, asked] of [[new Batching(["n"]), 64], [new Batching(), 1]] as const) {
    const server = serverOf(() => DOWN);
    assertEquals(await outcomes(150, batching, server), Array(150).fill("down"));
    assertEquals(server.runs.map(({ length }) => length), [asked]);
  }
});

Deno.test("runBatch() keeps what was answered before the node went away", async () => {
  const server = serverOf((values) => values.includes(64) ? DOWN : undefined);
  const values = await outcomes(70, new Batching(["n"]), server);
  assertEquals([values[0], values[63], values[64], values[69]], [0, 63, "down", "down"]);
});

Deno.test("runBatch() finds the item that is refused, and still takes several afterwards", async () => {
  const batching = new Batching(["n"]);
  const server = serverOf((values) => values.includes(1) ? REFUSED : undefined);
  assertEquals(await outcomes(3, batching, server), [0, "status 422", 2]);
  assertEquals(server.runs, [[0, 1, 2], [0], [1], [2]]);
  assertEquals(batching.has("n"), true);
});

Deno.test("runBatch() notices a server that refuses batches", async () => {
  const batching = new Batching(["n"]);
  const server = serverOf((values) => values.length > 1 ? REFUSED : undefined);
  assertEquals(await outcomes(3, batching, server), [0, 1, 2]);
  assertEquals(batching.has("n"), false);
});
