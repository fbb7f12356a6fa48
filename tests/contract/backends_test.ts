/** What must hold for every backend. */
import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { type Backend, type BackendName, BACKENDS, type Tensor } from "../../registry/base/mod.ts";
import {
  createBackends,
  openModels,
  probeWebGpu,
  SessionCache,
} from "../../registry/runtime/mod.ts";
import { runAll } from "../../registry/walk/mod.ts";
import { readModels } from "../../registry/models/mod.ts";
import { readShippedPair, shippedPlugin } from "../harness/files/plugins.ts";
import { normalise, readReference, readSamples } from "../harness/files/samples.ts";
import { FakeHostedBackend } from "../harness/fakes/fake_hosted_backend.ts";
import { warmUp } from "../harness/app/warm_up.ts";

const all = createBackends();
const gpu = await probeWebGpu();
const tested: { backend: Backend; where: string }[] = [{ backend: all.wasm, where: "" }];
if ("adapter" in gpu) tested.push({ backend: all.webgpu, where: ` on ${gpu.adapter}` });
else {
  const name = `backend webgpu (skipped: ${gpu.reason})`;
  Deno.test({ name, ignore: true, fn: () => {} });
}

tested.push({ backend: new FakeHostedBackend(all.wasm), where: " on a server of the test" });

const samples = await readSamples();
const small = await Deno.readFile(new URL("small.onnx", shippedPlugin("fashion-mnist")));
const stage1 = await Deno.readFile(new URL("stage1.onnx", shippedPlugin("fashion-mnist-exits")));

for (const { backend } of tested) await warmUp(backend);

function images(count: number, first = 0): Tensor {
  const data = Float32Array.from(normalise(samples.slice(first, first + count)));
  return { datatype: "FP32", shape: [count, 1, 28, 28], data };
}

function assertClose(actual: ArrayLike<number> = [], expected: ArrayLike<number> = []) {
  assertEquals(actual.length, expected.length);
  Array.from(actual).forEach((value, index) =>
    assertAlmostEquals(value, expected[index] ?? NaN, 1e-3)
  );
}

Deno.test("createBackends() has every backend that plugins can name", () => {
  assertEquals(Object.keys(all).toSorted(), BACKENDS.toSorted());
});

for (const { backend, where } of tested) {
  Deno.test(`backend ${backend.name}${where}`, async (t) => {
    const session = await backend.load(small);
    const { small: reference = [] } = await readReference("fashion-mnist");

    await t.step("runs the model itself", () => {
      assertEquals(session.served, { backend: backend.name });
    });

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
        assertClose(logits?.data, reference.slice(0, count).flat());
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

    await t.step("answers 32 runs that overlap, each with its own", async () => {
      const answers = await Promise.all(
        Array.from({ length: 32 }, (_, index) => session.run({ image: images(1, index) })),
      );
      answers.forEach(({ logits }, index) => assertClose(logits?.data, reference[index]));
    });

    await t.step("loads and releases models while it runs others", async () => {
      const { stage1: expected = [] } = await readReference("fashion-mnist-exits");
      const once = async (index: number) => {
        const other = index % 4 === 0 ? await backend.load(stage1) : undefined;
        const { logits } = await (other ?? session).run({ image: images(1, index) });
        await other?.release();
        assertClose(logits?.data, (other ? expected : reference)[index]);
      };
      await Promise.all(Array.from({ length: 16 }, (_, index) => once(index)));
    });

    await t.step("refuses bytes that are no model, and goes on", async () => {
      await assertRejects(() => backend.load(new Uint8Array([1, 2, 3])), Error);
      const { logits } = await session.run({ image: images(1) });
      assert(logits);
    });

    await t.step("refuses an input of another shape, and goes on", async () => {
      const image: Tensor = { datatype: "FP32", shape: [1, 1, 7, 7], data: new Float32Array(49) };
      await assertRejects(() => session.run({ image }), Error);
      assertClose((await session.run({ image: images(1) })).logits?.data, reference[0]);
    });

    await session.release();

    await t.step("loads a model again after all were released", async () => {
      const again = await backend.load(small);
      assertEquals(again.served, { backend: backend.name });
      assertClose((await again.run({ image: images(1) })).logits?.data, reference[0]);
      await again.release();
    });
  });
}

for (const { backend: { name }, where } of tested.filter(({ backend }) => backend === all.webgpu)) {
  for (const pair of ["fashion-mnist", "fashion-mnist-exits"]) {
    Deno.test(`backend ${name}${where} answers as wasm does for every model of ${pair}`, async () => {
      const [expected, actual] = [await logitsOf(pair, "wasm"), await logitsOf(pair, name)];
      expected.forEach((nodes, index) => {
        assertEquals(Object.keys(actual[index] ?? {}), Object.keys(nodes));
        for (const [node, logits] of Object.entries(nodes)) {
          assertClose(actual[index]?.[node], logits);
        }
      });
    });
  }
}

/** What every node of a pair answers to some samples, on one backend. */
async function logitsOf(name: string, backend: BackendName) {
  const pair = await readShippedPair(name, () => backend);
  const models = await readModels(pair, shippedPlugin(name));
  const { plan, infos, run, release } = await openModels(new SessionCache(all), { pair, models });
  for (const { served } of Object.values(infos)) assertEquals(served, { backend });
  const logits: Record<string, Float32Array>[] = [];
  for (let index = 0; index < 12; index++) {
    logits.push(await runAll(plan, () => Promise.resolve(images(1, index)), run));
  }
  await release();
  return logits;
}
