import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import fc from "fast-check";
import { readBinaryData } from "../../registry/oip/mod.ts";
import { startTestApp } from "../harness/app/app.ts";
import { postBinary, postJson, readBinary } from "../harness/http/requests.ts";
import { normalise, readSamples } from "../harness/files/samples.ts";

const URL = "/v2/models/fashion-mnist/infer";
const samples = await readSamples();

const COUNT = 3;
const data = Float32Array.from(normalise(samples.slice(0, COUNT)));
const bytes = new Uint8Array(data.buffer);
const shape = [COUNT, 1, 28, 28];
const inJson = { name: "image", datatype: "FP32", shape, data: [...data] };
const inBinary = {
  name: "image",
  datatype: "FP32",
  shape,
  parameters: { binary_data_size: bytes.length },
};

function text(value: unknown): string[] {
  return (value as Uint8Array[]).map((element) => new TextDecoder().decode(element));
}

async function packed(body: Uint8Array<ArrayBuffer>, format: CompressionFormat) {
  const stream = new Blob([body]).stream().pipeThrough(new CompressionStream(format));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

Deno.test("binary tensor data", async (t) => {
  using app = await startTestApp();
  const expected = await app.json(URL, postJson({ inputs: [inJson] }));
  const [{ data: logits }] = expected.outputs;

  await t.step("goes in, wherever it begins, and answers come in JSON", async () => {
    for (const id of ["", "a", "bb", "ccc"]) {
      const answer = await app.json(URL, postBinary({ id, inputs: [inBinary] }, bytes));
      assertEquals(answer, { ...expected, id });
    }
  });

  await t.step("comes out on request, for all outputs or for some", async () => {
    const outputs = [
      { name: "route", parameters: { binary_data: true } },
      { name: "logits" },
      { name: "label_index", parameters: { binary_data: true } },
      { name: "probabilities", parameters: { binary_data: false } },
    ];
    for (const parameters of [{ binary_data_output: true }, { binary_data_output: false }]) {
      const response = await app.request(URL, postJson({ inputs: [inJson], outputs, parameters }));
      assertEquals(response.headers.get("content-type"), "application/octet-stream");
      assertEquals(response.headers.get("cache-control"), "no-store");
      const { json, bytes } = await readBinary(response);
      assertEquals(json.outputs.map(({ name }) => name), outputs.map(({ name }) => name));
      const inBytes = Object.keys(bytes);
      const isAll = parameters.binary_data_output;
      assertEquals(inBytes, isAll ? ["route", "logits", "label_index"] : ["route", "label_index"]);
      const [route, logitsOut, index, probabilities] = json.outputs;
      assertEquals(logitsOut?.data, isAll ? undefined : logits);
      if (isAll) {
        const numbers = readBinaryData("FP32", bytes["logits"]!, COUNT * 10, "logits");
        assertEquals([...numbers], logits);
      }
      assertEquals(probabilities?.shape, [COUNT, 10]);
      const routes = text(readBinaryData("BYTES", bytes["route"]!, COUNT, "route"));
      assertEquals(routes.join(","), json.parameters["route"]);
      assertEquals([route?.data, index?.data], [undefined, undefined]);
      assertEquals(index?.parameters, { binary_data_size: 8 * COUNT });
    }
  });

  await t.step("goes both ways without a word of JSON data", async () => {
    const request = { inputs: [inBinary], parameters: { binary_data_output: true } };
    const { json, bytes: out } = await readBinary(
      await app.request(URL, postBinary(request, bytes)),
    );
    assertEquals(json.outputs.map(({ data }) => data), [undefined]);
    assertEquals([...readBinaryData("FP32", out["logits"]!, COUNT * 10, "logits")], logits);
  });

  await t.step("may be compressed, and is limited as it is then", async () => {
    for (const format of ["gzip", "deflate"] as const) {
      const init = postBinary({ inputs: [inBinary] }, bytes, { "content-encoding": format });
      const body = await packed(init.body as Uint8Array<ArrayBuffer>, format);
      assertEquals(await app.json(URL, { ...init, body }), expected);
      const bomb = await packed(new Uint8Array(11 * 1024 * 1024), format);
      const response = await app.request(URL, { ...init, body: bomb });
      assertEquals(response.status, 413);
      assertStringIncludes((await response.json()).error, "once decompressed");
    }
    const other = postBinary({ inputs: [inBinary] }, bytes, { "content-encoding": "br" });
    assertEquals((await app.json(URL, other)).status, 415);
  });

  const infinite = data.slice();
  infinite[5] = NaN;
  const nan = new Uint8Array(infinite.buffer);
  const length = (value: string) => ({ "inference-header-content-length": value });
  const sized = (size: number) => ({ ...inBinary, parameters: { binary_data_size: size } });
  const refusals: [string, RequestInit, field: string, ...parts: string[]][] = [
    [
      "a header longer than the body",
      postBinary({ inputs: [inBinary] }, bytes, length("99999")),
      "Inference-Header-Content-Length",
      "99999",
      "at most",
    ],
    [
      "a header that is no number",
      postBinary({ inputs: [inBinary] }, bytes, length("-1")),
      "Inference-Header-Content-Length",
      "is -1",
    ],
    [
      "a size that the body does not have",
      postBinary({ inputs: [sized(100)] }, bytes),
      "inputs[0].parameters.binary_data_size",
      "is 100",
      `${bytes.length}`,
    ],
    [
      "a body that is cut off",
      postBinary({ inputs: [inBinary] }, bytes.subarray(0, 4000)),
      "inputs[0].parameters.binary_data_size",
      `is ${bytes.length}`,
      "4000",
    ],
    [
      "bytes that are not the shape's",
      postBinary({ inputs: [sized(4000)] }, bytes.subarray(0, 4000)),
      "inputs[0].data",
      "has 4000 bytes",
      "expected 9408 (2352 × 4 of FP32)",
    ],
    [
      "a size without data",
      postJson({ inputs: [inBinary] }),
      "inputs[0].parameters.binary_data_size",
      "expected 0",
    ],
    [
      "data in both forms",
      postBinary({ inputs: [{ ...inJson, ...inBinary }] }, bytes),
      "inputs[0].data",
      "beside parameters.binary_data_size",
    ],
    [
      "data in neither form",
      postJson({ inputs: [{ ...inJson, data: undefined }] }),
      "inputs[0].data",
      "missing",
      "2352 elements",
    ],
    [
      "binary data that no input has",
      postBinary({ inputs: [inJson] }, bytes),
      "body",
      `${bytes.length} bytes after its JSON`,
    ],
    [
      "a size that is none",
      postJson({ inputs: [sized(-1)] }),
      "inputs[0].parameters.binary_data_size",
      "expected a number of bytes",
    ],
    ["NaN", postBinary({ inputs: [inBinary] }, nan), "inputs[0].data[5]", "is NaN", "finite"],
    [
      "shared memory",
      postJson({ inputs: [{ ...inJson, parameters: { shared_memory_region: "r" } }] }),
      "inputs[0].parameters.shared_memory_region",
      "no shared memory",
    ],
  ];
  for (const [name, init, field, ...parts] of refusals) {
    await t.step(`${name}: refused by name`, async () => {
      const response = await app.request(URL, init);
      const problem = await response.json();
      assertEquals([response.status, problem.field], [422, field], JSON.stringify(problem));
      for (const part of parts) assertStringIncludes(problem.error, part);
    });
  }

  await t.step("a body of any other length, or parted elsewhere, is refused", async () => {
    const whole = postBinary({ inputs: [inBinary] }, bytes);
    const body = whole.body as Uint8Array;
    const jsonLength = body.length - bytes.length;
    const change = fc.integer({ min: -body.length, max: 64 }).filter((change) => change !== 0);
    const start = fc.integer({ min: -jsonLength, max: bytes.length });
    await fc.assert(
      fc.asyncProperty(change, start, fc.boolean(), async (change, start, both) => {
        const other = new Uint8Array(body.length + change);
        other.set(body.subarray(0, other.length));
        const parted = jsonLength + (both ? start : 0);
        const headers = length(String(parted));
        const { status, error } = await app.json(URL, { ...whole, headers, body: other });
        assert([400, 422].includes(status) && error.length > 10, `${status} ${error}`);
      }),
      { numRuns: 200 },
    );
  });

  await t.step("JSON that is cut off by the header is no JSON", async () => {
    const init = postBinary({ inputs: [inBinary] }, bytes, length("20"));
    const { status, error } = await app.json(URL, init);
    assertEquals(status, 400);
    assertStringIncludes(error, "not JSON");
  });
});
