import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { decodeImage } from "../../registry/input/image/mod.ts";
import { modelMetadataSchema } from "../../routes/oip/mod.ts";
import { startTestApp, type TestApp } from "../harness/app/app.ts";
import { postBinary, postImage, postJson } from "../harness/http/requests.ts";
import { makePluginFolder, otherPair } from "../harness/files/plugins.ts";
import { readSamples } from "../harness/files/samples.ts";
import { clientOf } from "../harness/app/watch_client.ts";
import { until } from "../harness/wait/until.ts";

const samples = await readSamples();
const OUTPUTS = [{ name: "probabilities" }, { name: "label" }, { name: "route" }];

interface Images {
  readonly data: Uint8Array;
  readonly shape: number[];
}

/** What the server answers to raw pixels, in binary form. */
async function infer(app: TestApp, pair: string, { data, shape }: Images, policy?: string) {
  const parameters = { binary_data_size: data.length };
  const input = { name: "pixels", datatype: "UINT8", shape, parameters };
  const request = { inputs: [input], outputs: OUTPUTS, ...(policy && { parameters: { policy } }) };
  const answer = await app.json(`/v2/models/${pair}/infer`, postBinary(request, data));
  assert(answer.outputs, JSON.stringify(answer));
  const [probabilities, label, route] = answer.outputs.map(({ data }: { data: [] }) => data);
  return { probabilities, label, route } as Record<string, (number | string)[]>;
}

/** What `classify` answers to a file, in the same form. */
async function classify(app: TestApp, pair: string, file: Uint8Array<ArrayBuffer>, policy = "") {
  const query = `?top_k=10${policy && `&policy=${policy}`}`;
  const answer = await app.json(`/v1/pairs/${pair}/classify${query}`, postImage(file));
  const byIndex = answer.predictions.toSorted((a: { index: number }, b: { index: number }) =>
    a.index - b.index
  );
  return {
    probabilities: byIndex.map(({ probability }: { probability: number }) => probability),
    label: [answer.predictions[0].label],
    route: [answer.route.path.join(">")],
  };
}

/** A decoded image with so many channels. */
async function decoded(file: Uint8Array, channels: number): Promise<Images> {
  const { width, height, data } = await decodeImage(file, { maxPixels: 1e7 });
  const kept = data.filter((_, index) => index % 4 < channels);
  return { data: new Uint8Array(kept), shape: [1, height, width, channels] };
}

Deno.test("raw pixels", async (t) => {
  using app = await startTestApp();

  for (const pair of ["fashion-mnist", "fashion-mnist-exits"]) {
    await t.step(`are answered as the files are by ${pair}`, async () => {
      for (const { pixels, png } of samples.slice(0, 20)) {
        const expected = await classify(app, pair, png);
        assertEquals(await infer(app, pair, { data: pixels, shape: [1, 28, 28, 1] }), expected);
      }
    });
  }

  await t.step("of any size and number of channels are prepared as a file is", async () => {
    for (const [name, channels] of [["photo", 3], ["photo", 4], ["alpha", 4]] as const) {
      const url = new URL(`../fixtures/images/${name}.png`, import.meta.url);
      const file = await Deno.readFile(url);
      const expected = await classify(app, "fashion-mnist", file, "always:large");
      const images = await decoded(file, channels);
      assertEquals(await infer(app, "fashion-mnist", images, "always:large"), expected, name);
    }
  });

  await t.step("go in JSON as well, flat or nested, and give the same", async () => {
    const [{ pixels }] = samples as [typeof samples[0]];
    const flat = [...pixels];
    const rows = Array.from({ length: 28 }, (_, y) => flat.slice(28 * y, 28 * y + 28));
    const nested = [rows.map((row) => row.map((grey) => [grey]))];
    const expected = await infer(app, "fashion-mnist", { data: pixels, shape: [1, 28, 28, 1] });
    for (const data of [flat, nested]) {
      const input = { name: "pixels", datatype: "UINT8", shape: [1, 28, 28, 1], data };
      const body = postJson({ inputs: [input], outputs: OUTPUTS });
      const { outputs } = await app.json("/v2/models/fashion-mnist/infer", body);
      assertEquals(outputs[0].data, expected["probabilities"]);
    }
  });

  await t.step("of a batch go their own ways and come back in order", async () => {
    const shape = [samples.length, 28, 28, 1];
    const data = new Uint8Array(samples.flatMap(({ pixels }) => [...pixels]));
    const all = await infer(app, "fashion-mnist", { data, shape });
    assert(new Set(all["route"]).size >= 2, String(all["route"]));
    for (const [index, { pixels }] of samples.entries()) {
      const one = await infer(app, "fashion-mnist", { data: pixels, shape: [1, 28, 28, 1] });
      assertEquals(all["label"]?.[index], one["label"]?.[0]);
      assertEquals(all["route"]?.[index], one["route"]?.[0]);
    }
  });

  const refusals: [string, shape: number[], field: string, expected: string][] = [
    ["no channels", [1, 28, 28], "shape", "[-1,height,width,channels]"],
    ["two channels", [1, 28, 28, 2], "shape", "1, 3 or 4 channels"],
    ["no rows", [1, 0, 28, 1], "shape", "1 to 16384 pixels a side"],
    ["very long rows", [1, 1, 16_385, 1], "shape", "1 to 16384 pixels a side"],
    ["too many in all", [250, 16_000, 16_000, 3], "shape", "at most 16000000 pixels in all"],
    ["too many images", [257, 2, 2, 1], "shape", "a batch of 1 to 256 items"],
    ["fewer bytes than the shape", [1, 28, 28, 3], "data", "expected 2352"],
  ];
  for (const [name, shape, field, expected] of refusals) {
    await t.step(`${name}: refused by name`, async () => {
      const parameters = { binary_data_size: 784 };
      const input = { name: "pixels", datatype: "UINT8", shape, parameters };
      const init = postBinary({ inputs: [input] }, new Uint8Array(784));
      const problem = await app.json("/v2/models/fashion-mnist/infer", init);
      assertEquals([problem.status, problem.field], [422, `inputs[0].${field}`]);
      assertStringIncludes(problem.error, expected);
    });
  }
});

Deno.test("raw pixels are compared with the full model in the background as images are", async () => {
  using app = await startTestApp({ shadow: 1 });
  const client = clientOf(app);
  const shape = [8, 28, 28, 1];
  const data = new Uint8Array(samples.slice(0, 8).flatMap(({ pixels }) => [...pixels]));
  await infer(app, "fashion-mnist", { data, shape });
  const { cost: _, ...counts } = await until("all are compared", async () => {
    const { shadow } = await client.version("fashion-mnist@1");
    return shadow.compared + shadow.missing === 8 && shadow;
  });
  assertEquals(counts, { drawn: 8, skipped: 0, compared: 8, missing: 0 });
});

Deno.test("a pair whose models prepare images differently takes pixels only", async () => {
  const { models } = otherPair("differ");
  const dear = { ...models["dear"]!, image: { channels: 1, resize: "fit", mean: [0], std: [1] } };
  const differ = otherPair("differ", { models: { ...models, dear } as typeof models });
  const named = otherPair("named", {
    input: { name: "pixels", datatype: "FP32", shape: [1, 28, 28] },
  });
  const { image: _, ...tensors } = otherPair("tensors");
  await using folder = await makePluginFolder({ differ, named, tensors });
  using app = await startTestApp({ workers: 1 }, { plugins: [folder.url] });
  const inputs = async (pair: string) => {
    const { inputs } = modelMetadataSchema.parse(await app.json(`/v2/models/${pair}`));
    return inputs.map(({ name, datatype, parameters }) => [
      name,
      datatype,
      parameters?.["instead_of"],
    ]);
  };
  assertEquals(await inputs("differ"), [["pixels", "UINT8", undefined]]);
  assertEquals(await inputs("tensors"), [["image", "FP32", undefined]]);
  assertEquals(await inputs("named"), [
    ["pixels", "FP32", "raw_pixels"],
    ["raw_pixels", "UINT8", "pixels"],
  ]);

  const [{ pixels, png }] = samples as [typeof samples[0]];
  const images = { data: pixels, shape: [1, 28, 28, 1] };
  for (const policy of ["always:cheap", "always:dear"]) {
    const expected = await classify(app, "differ", png, policy);
    assertEquals(await infer(app, "differ", images, policy), expected);
  }
  const tensor = { name: "image", datatype: "FP32", shape: [1, 1, 28, 28], data: [] };
  const problem = await app.json("/v2/models/differ/infer", postJson({ inputs: [tensor] }));
  assertEquals([problem.status, problem.field], [422, "inputs[0].name"]);
  assertStringIncludes(problem.error, "differ in how images are prepared (cheap and dear)");
  const pixelInput = { ...tensor, name: "pixels", datatype: "UINT8" };
  const other = await app.json("/v2/models/tensors/infer", postJson({ inputs: [pixelInput] }));
  assertStringIncludes(other.error, 'is "pixels", expected "image"');
});
