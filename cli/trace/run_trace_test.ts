import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { spy } from "@std/testing/mock";
import { decodeTrace, encodeTrace } from "../../policies/learn/trace/mod.ts";
import { makeFolder } from "../../tests/harness/files/folders.ts";
import { startFakeOipServer } from "../../tests/harness/fakes/fake_oip_server.ts";
import { otherPair, shippedPlugin } from "../../tests/harness/files/plugins.ts";
import { startTestApp } from "../../tests/harness/app/app.ts";
import { postJson } from "../../tests/harness/http/requests.ts";
import type { PairSpec } from "../../registry/mod.ts";
import type { Examples } from "./examples.ts";
import { findPair } from "./find_pair.ts";
import { readExamples } from "./read_examples.ts";
import { runTrace, type RunTraceOptions } from "./run_trace.ts";
import { startFakeProgress } from "../../tests/harness/fakes/fake_progress.ts";
import { writeIdxFiles } from "../../tests/harness/files/idx_files.ts";
import { WasmBackend } from "../../registry/runtime/mod.ts";
import { warmUp } from "../../tests/harness/app/warm_up.ts";

const PLUGINS = new URL("../../registry/plugins/", import.meta.url);

/** Six examples to learn from and four for reports. */
async function smallData() {
  const folder = await makeFolder();
  await writeIdxFiles(folder.url, { train: 8, test: 4 });
  const pair = otherPair("any");
  const examples = await readExamples(folder.url, pair, { heldOut: 6 });
  const options: RunTraceOptions = {
    work: new URL("work/", folder.url),
    machine: "a machine",
    rounds: 3,
    progress: startFakeProgress,
  };
  return { folder, examples, options, [Symbol.asyncDispose]: folder[Symbol.asyncDispose] };
}

/** Counts the images that are asked for, and can fail at one. */
function watched(examples: Examples, failAt = NaN) {
  const pixels = spy((row: number) =>
    row === failAt ? Promise.reject(new Error("no such luck")) : examples.pixels(row)
  );
  return { ...examples, pixels, asked: () => pixels.calls.map(({ args: [row] }) => row) };
}

await warmUp();

for (const name of ["fashion-mnist", "fashion-mnist-exits"]) {
  Deno.test(`runTrace() records what the server answers for ${name}`, async () => {
    await using data = await smallData();
    const { examples, options } = data;
    const trace = await runTrace(await findPair(name, [PLUGINS], () => {}), examples, options);
    assertEquals([trace.pair, trace.count, trace.classes], [name, 10, 10]);
    assertEquals(trace.part, Uint8Array.of(0, 0, 0, 0, 0, 0, 1, 1, 1, 1));
    assertEquals(trace.labels, examples.labels);
    assert(trace.measured.includes("a machine"));
    for (const node of trace.nodes) {
      const [p10 = NaN, p90 = NaN] = trace.spread?.[node] ?? [];
      const cost = trace.cost[node] ?? NaN;
      assert(0 < p10 && p10 <= cost && cost <= p90, `${node}: ${p10}, ${cost}, ${p90}`);
    }
    const read = decodeTrace(encodeTrace(trace, { logits: "float32" }), name);
    assertEquals(read.logits, trace.logits);

    using app = await startTestApp({ workers: 1 });
    for (const row of [0, 9]) {
      const { data } = await examples.pixels(row);
      const input = Array.from(
        { length: 784 },
        (_, at) => ((data[4 * at] ?? NaN) / 255 - 0.286) / 0.353,
      );
      for (const node of trace.nodes) {
        const answer = await app.json(
          `/v2/models/${name}/infer`,
          postJson({
            inputs: [{ name: "image", datatype: "FP32", shape: [1, 1, 28, 28], data: input }],
            parameters: { policy: `always:${node}` },
          }),
        );
        answer.outputs[0].data.forEach((logit: number, label: number) =>
          assertAlmostEquals(trace.logits[node]?.[row * 10 + label] ?? NaN, logit, 1e-4)
        );
      }
    }
  });
}

Deno.test("runTrace() records what each stage reads", async () => {
  await using data = await smallData();
  const found = await findPair("fashion-mnist-exits", [PLUGINS], () => {});
  const { reads, successors, full } = await runTrace(found, data.examples, data.options);
  assertEquals(reads, { stage1: [], stage2: ["stage1"], stage3: ["stage2"] });
  assertEquals(successors["start"], ["stage1"]);
  assertEquals(full, "stage3");
});

Deno.test("runTrace() goes on where it was interrupted", async () => {
  await using data = await smallData();
  const found = { pair: otherPair("mine"), url: shippedPlugin("fashion-mnist") };
  const failing = watched(data.examples, 7);
  await assertRejects(
    () => runTrace(found, failing, data.options),
    Error,
    "Cannot trace example t10k-1: no such luck",
  );
  assertEquals(failing.asked(), [0, 1, 2, 3, 4, 5, 6, 7]);

  const rest = watched(data.examples);
  const resumed = await runTrace(found, rest, data.options);
  assertEquals(rest.asked().slice(0, 3), [7, 8, 9]);

  const again = watched(data.examples);
  const elsewhere = { ...data.options, work: new URL("elsewhere/", data.folder.url) };
  const whole = await runTrace(found, again, elsewhere);
  assertEquals(again.asked().slice(0, 10), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  assertEquals(resumed.logits, whole.logits);
});

Deno.test("runTrace() does not take answers to other data or of other models", async () => {
  await using data = await smallData();
  const url = shippedPlugin("fashion-mnist");
  const found = { pair: otherPair("mine"), url };
  await runTrace(found, data.examples, data.options);
  const asked = async (pair = found.pair, examples = data.examples) => {
    const counted = watched(examples);
    await runTrace({ pair, url }, counted, data.options);
    return counted.asked().slice(0, 3);
  };
  const { models } = found.pair;
  const same = await asked();
  // Asked for costs only, from all over the data.
  assertEquals(same, [0, 9, 8]);
  assertEquals(await asked(found.pair, { ...data.examples, fingerprint: "other" }), [0, 1, 2]);
  const swapped = { cheap: models["dear"], dear: models["cheap"] } as typeof models;
  assertEquals(await asked({ ...found.pair, models: swapped }), [0, 1, 2]);
});

Deno.test("runTrace() refuses a pair that takes tensors", async () => {
  await using data = await smallData();
  const found = {
    pair: otherPair("tensors", { image: undefined }),
    url: shippedPlugin("fashion-mnist"),
  };
  await assertRejects(() => runTrace(found, data.examples, data.options), Error, "docs/traces.md");
});

Deno.test("runTrace() takes the costs that a plugin states, and says so", async () => {
  await using data = await smallData();
  const { examples, options } = data;
  const { pair, url } = await findPair("fashion-mnist", [PLUGINS], () => {});
  const prices: Record<string, number> = { small: 1, medium: 20, large: 300 };
  const models = Object.fromEntries(
    Object.entries(pair.models).map(([node, model]) => [node, { ...model, cost: prices[node] }]),
  );
  const trace = await runTrace(
    { pair: { ...pair, models, costUnit: "µ$" }, url },
    examples,
    options,
  );
  assertEquals<unknown>(trace.cost, prices);
  assertEquals(trace.spread?.["large"], [300, 300]);
  assert(trace.measured.endsWith("; small, medium, large: stated, in µ$"), trace.measured);
});

Deno.test("runTrace() runs a plugin's own code, and anew each time", async () => {
  await using data = await smallData();
  const url = shippedPlugin("fashion-mnist");
  const pair = otherPair("mine");
  const plain = await runTrace({ pair, url }, data.examples, data.options);
  const code = (factor: number): PairSpec => ({
    ...pair,
    image: undefined,
    preprocess: ({ data }) =>
      Float32Array.from({ length: 784 }, (_, at) => (data[4 * at]! / 255 - 0.286) / 0.353),
    postprocess: ({ logits }) => logits!.data.map((value) => value * factor),
  });
  for (const factor of [2, 3]) {
    const traced = await runTrace({ pair: code(factor), url }, data.examples, data.options);
    for (const node of traced.nodes) {
      const expected = plain.logits[node]?.map((value) => value * factor);
      assertEquals(traced.logits[node], expected, `${node} × ${factor}`);
    }
  }
});

Deno.test("runTrace() asks a network that is elsewhere, and says what its cost is", async () => {
  await using data = await smallData();
  const { pair, url } = await findPair("fashion-mnist", [PLUGINS], () => {});
  const here = await runTrace({ pair, url }, data.examples, data.options);
  const hosted = await new WasmBackend().load(await Deno.readFile(new URL("large.onnx", url)));
  await using server = startFakeOipServer();
  server.models.set("large", hosted);
  const source = `${server.url}/v2/models/large`;
  const models = {
    ...pair.models,
    large: { backend: "remote" as const, source, sha256: pair.models["large"]?.sha256 },
  };
  const trace = await runTrace({ pair: { ...pair, models }, url }, data.examples, data.options);
  await hosted.release();
  assertEquals([trace.logits, trace.models], [here.logits, here.models]);
  // Every example was asked for there, and not taken from what was kept of the other trace.
  assert(server.log.filter((line) => line.startsWith("POST")).length > 10);
  assert((trace.cost["large"] ?? 0) > 0);
  assert(trace.measured.endsWith("; large: round trip to where it is served"), trace.measured);
});

Deno.test("runTrace() fails rather than leave a network out that is away", async () => {
  await using data = await smallData();
  const { pair, url } = await findPair("fashion-mnist", [PLUGINS], () => {});
  await using server = startFakeOipServer();
  const source = `${server.url}/v2/models/large`;
  const models = { ...pair.models, large: { backend: "remote" as const, source } };
  await assertRejects(
    () => runTrace({ pair: { ...pair, models }, url }, data.examples, data.options),
    Error,
    "Cannot run large: status 404",
  );
});
