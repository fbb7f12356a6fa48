/** What must hold for every backend. */
import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import type { Backend } from "../../registry/runtime/backend.ts";
import { WasmBackend } from "../../registry/runtime/wasm.ts";
import type { Tensor } from "../../registry/tensor.ts";
import { shippedPlugin } from "../plugins.ts";
import { normalise, readReference, readSamples } from "../samples.ts";

const backends: Backend[] = [new WasmBackend()];

const samples = await readSamples();
const small = await Deno.readFile(new URL("small.onnx", shippedPlugin("fashion-mnist")));
const stage1 = await Deno.readFile(new URL("stage1.onnx", shippedPlugin("fashion-mnist-exits")));

// A runtime's start leaves a message port open for good, which Deno 2.5 takes for a leak of the test.
for (const backend of backends) await (await backend.load(small)).release();

function images(count: number): Tensor {
  const data = Float32Array.from(normalise(samples.slice(0, count)));
  return { datatype: "FP32", shape: [count, 1, 28, 28], data };
}

for (const backend of backends) {
  Deno.test(`backend ${backend.name}`, async (t) => {
    const session = await backend.load(small);
    const { small: reference = [] } = await readReference("fashion-mnist");

    await t.step("tells names, types and shapes", () => {
      const [input] = session.inputs;
      assertEquals([input?.name, input?.type, input?.shape.slice(1)], ["image", "float32", [
        1,
        28,
        28,
      ]]);
      assertEquals(typeof input?.shape[0], "string");
      assertEquals(session.outputs.map(({ name, type }) => [name, type]), [["logits", "float32"]]);
    });

    await t.step("gives the reference's answers, for one item and for many", async () => {
      for (const count of [1, samples.length]) {
        const { logits } = await session.run({ image: images(count) });
        assertEquals(logits?.shape, [count, 10]);
        reference.slice(0, count).flat().forEach((logit, index) =>
          assertAlmostEquals(logits?.data[index] ?? NaN, logit, 1e-3)
        );
      }
    });

    await t.step("gives every output under its name", async () => {
      const first = await backend.load(stage1);
      const outputs = await first.run({ image: images(2) });
      assertEquals(Object.keys(outputs).toSorted(), ["features", "logits"]);
      assertEquals(outputs["features"]?.shape, [2, 32, 14, 14]);
      await first.release();
    });

    await t.step("answers are not overwritten by later runs", async () => {
      const { logits: one } = await session.run({ image: images(1) });
      const before = Array.from(one?.data ?? []);
      await session.run({ image: { ...images(1), data: new Float32Array(784) } });
      assertEquals(Array.from(one?.data ?? []), before);
    });

    await t.step("answers runs that overlap", async () => {
      const answers = await Promise.all(
        Array.from({ length: 8 }, () => session.run({ image: images(1) })),
      );
      for (const { logits } of answers) {
        assertAlmostEquals(logits?.data[0] ?? NaN, reference[0]?.[0] ?? NaN, 1e-3);
      }
    });

    await t.step("refuses bytes that are no model, and goes on", async () => {
      await assertRejects(() => backend.load(new Uint8Array([1, 2, 3])), Error);
      const { logits } = await session.run({ image: images(1) });
      assert(logits);
    });

    await session.release();
  });
}
