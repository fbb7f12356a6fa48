import { assertEquals, assertRejects } from "@std/assert";
import { buildGraph, chain } from "../../registry/mod.ts";
import { pairOf } from "../../tests/harness/generators/pair_specs.ts";
import { Batching } from "../../registry/walk/mod.ts";
import type { Tensor } from "../../registry/base/mod.ts";
import { checkAnswers } from "./check_answers.ts";

/** A network of four numbers in and two out, given the items of a run. */
type Network = (items: readonly (readonly number[])[]) => readonly (readonly number[])[];

const sums: Network = (items) => items.map(([a = 0, b = 0, c = 0, d = 0]) => [3 * a + b, c - d]);

/** The findings about the second of two networks; the first is as it should be. */
async function findings(network: Network): Promise<(string | undefined)[][]> {
  const pair = pairOf(chain("a", "b"));
  const binding = { x: { kind: "request" } } as const;
  const run = (node: string, { x }: Readonly<Record<string, Tensor>>) => {
    const { data, shape: [count = 0] } = x as Tensor;
    const items = Array.from({ length: count }, (_, at) => [...data.slice(4 * at, 4 * at + 4)]);
    const logits = Float32Array.from((node === "a" ? sums : network)(items).flat());
    return Promise.resolve({
      logits: { datatype: "FP32", shape: [count, 2], data: logits } as const,
    });
  };
  const found = await checkAnswers({
    pair,
    plan: {
      graph: buildGraph(pair),
      bindings: { a: binding, b: binding },
      logits: { a: "logits", b: "logits" },
    },
    batching: new Batching(["a", "b"]),
    infos: {},
    run,
    wake: () => Promise.resolve(),
    release: () => Promise.resolve(),
  });
  return found.map(({ node, text }) => [node, text.split(":")[0]]);
}

Deno.test("checkAnswers() finds nothing in networks that answer as they should", async () => {
  assertEquals(await findings(sums), []);
});

Deno.test("checkAnswers() finds probabilities in the place of logits", async () => {
  const softmax: Network = (items) =>
    sums(items).map(([a = 0, b = 0]) => {
      const first = 1 / (1 + Math.exp(b - a));
      return [first, 1 - first];
    });
  assertEquals(await findings(softmax), [["b", "gives probabilities, expected logits"]]);
});

Deno.test("checkAnswers() finds a network whose items depend on each other", async () => {
  const normed: Network = (items) => {
    const rows = sums(items);
    const mean = rows.reduce((sum, [a = 0]) => sum + a, 0) / rows.length;
    return rows.map(([a = 0, b = 0]) => [a - mean, b]);
  };
  const [[node, text = ""] = []] = await findings(normed);
  assertEquals([node, text.split(",")[0]], [
    "b",
    "answers 4 inputs at once otherwise than each alone",
  ]);
});

Deno.test("checkAnswers() finds chance", async () => {
  let calls = 0;
  const dropout: Network = (items) => sums(items).map(([a = 0, b = 0]) => [a + ++calls, b]);
  const [first] = await findings(dropout);
  assertEquals(first, ["b", "answers the same input differently each time"]);
});

Deno.test("checkAnswers() finds a network that does not look at its input", async () => {
  assertEquals(await findings((items) => items.map(() => [3, -2])), [
    ["b", "gives the same answer to every input"],
  ]);
});

Deno.test("checkAnswers() fails where logits are not finite, and names the node", async () => {
  await assertRejects(
    () => findings((items) => items.map(() => [NaN, 0])),
    Error,
    "Cannot use the answer of b: its logits are not finite",
  );
});
