import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { startTestApp } from "../harness/app/app.ts";
import { postImage, postJson } from "../harness/http/requests.ts";
import { pngHeader } from "../harness/files/images.ts";

const CLASSIFY = "/v1/pairs/fashion-mnist/classify";
const INFER = "/v2/models/fashion-mnist/infer";
const item = Array<number>(784).fill(0);

function infer(change: Record<string, unknown>, members: Record<string, unknown> = {}) {
  const input = { name: "image", datatype: "FP32", shape: [1, 1, 28, 28], data: item, ...change };
  return postJson({ inputs: [input], ...members });
}

interface Case {
  name: string;
  path: string;
  init?: RequestInit;
  status: number;
  field?: string;
  /** Parts of the detail: the value and what was expected. */
  detail: string[];
}

const cases: Case[] = [
  { name: "unknown path", path: "/v3", status: 404, detail: ["/v3"] },
  {
    name: "unknown pair",
    path: "/v1/pairs/nope",
    status: 404,
    detail: ["nope", "fashion-mnist"],
  },
  { name: "unknown model", path: "/v2/models/nope/ready", status: 404, detail: ["nope"] },
  { name: "wrong method", path: CLASSIFY, status: 405, detail: ["GET", "expected POST"] },
  {
    name: "no media type",
    path: CLASSIFY,
    init: { method: "POST", body: new Uint8Array(4) },
    status: 415,
    detail: ["not given", "image/png"],
  },
  {
    name: "other media type",
    path: CLASSIFY,
    init: postImage(new Uint8Array(4), { "content-type": "image/gif" }),
    status: 415,
    detail: ["image/gif", "image/webp"],
  },
  {
    name: "empty body",
    path: CLASSIFY,
    init: postImage(new Uint8Array(0)),
    status: 422,
    field: "image",
    detail: ["expected"],
  },
  {
    name: "undecodable image",
    path: CLASSIFY,
    init: postImage(new TextEncoder().encode("this is no picture at all")),
    status: 422,
    field: "image",
    detail: ["PNG, JPEG or WebP"],
  },
  {
    name: "too many pixels, from the header",
    path: CLASSIFY,
    init: postImage(pngHeader(30_000, 30_000)),
    status: 422,
    field: "image",
    detail: ["30000", "16000000"],
  },
  {
    name: "multipart without a file",
    path: CLASSIFY,
    init: { method: "POST", body: new URLSearchParams() as BodyInit },
    status: 415,
    detail: ["multipart/form-data"],
  },
  {
    name: "not JSON",
    path: CLASSIFY,
    init: { ...postJson({}), body: '{"data": [1, 2' },
    status: 400,
    detail: ["not JSON"],
  },
  {
    name: "wrong tensor shape",
    path: CLASSIFY,
    init: postJson({ data: item, shape: [28, 28] }),
    status: 422,
    field: "shape",
    detail: ["[28,28]", "[1,28,28]"],
  },
  {
    name: "no tensor at all",
    path: CLASSIFY,
    init: postJson(null),
    status: 422,
    field: "shape",
    detail: ["[1,28,28]"],
  },
  {
    name: "too few numbers",
    path: CLASSIFY,
    init: postJson({ data: item.slice(1), shape: [1, 28, 28] }),
    status: 422,
    field: "data",
    detail: ["783", "784"],
  },
  {
    name: "not a number",
    path: CLASSIFY,
    init: postJson({ data: item.with(7, "x" as unknown as number), shape: [1, 28, 28] }),
    status: 422,
    field: "data[7]",
    detail: ['"x"', "finite"],
  },
  {
    name: "numbers that overflow a network",
    path: `${CLASSIFY}?policy=always:small`,
    init: postJson({ data: item.map(() => -3e38), shape: [1, 28, 28] }),
    status: 422,
    field: "data",
    detail: ["too much for small", "not finite", "smaller numbers"],
  },
  {
    name: "top_k out of range",
    path: `${CLASSIFY}?top_k=11`,
    init: postJson({ data: item, shape: [1, 28, 28] }),
    status: 422,
    field: "top_k",
    detail: ["11", "1 to 10"],
  },
  {
    name: "unknown policy",
    path: `${CLASSIFY}?policy=always:huge`,
    init: postJson({ data: item, shape: [1, 28, 28] }),
    status: 422,
    field: "policy",
    detail: ["always:huge", "always:large"],
  },
  {
    name: "infer: not JSON",
    path: INFER,
    init: { method: "POST", body: "{" },
    status: 400,
    detail: ["JSON"],
  },
  {
    name: "infer: a list",
    path: INFER,
    init: postJson([]),
    status: 422,
    field: "body",
    detail: ["expected object"],
  },
  {
    name: "infer: wrong input name",
    path: INFER,
    init: infer({ name: "picture" }),
    status: 422,
    field: "inputs[0].name",
    detail: ['"picture"', '"image" or "pixels"'],
  },
  {
    name: "infer: wrong datatype",
    path: INFER,
    init: infer({ datatype: "INT8" }),
    status: 422,
    field: "inputs[0].datatype",
    detail: ['"INT8"', '"FP32"'],
  },
  {
    name: "infer: wrong shape",
    path: INFER,
    init: infer({ shape: [1, 28, 28] }),
    status: 422,
    field: "inputs[0].shape",
    detail: ["[1,28,28]", "[-1,1,28,28]"],
  },
  {
    name: "infer: too many items",
    path: INFER,
    init: infer({ shape: [257, 1, 28, 28] }),
    status: 422,
    field: "inputs[0].shape",
    detail: ["1 to 256"],
  },
  {
    name: "infer: no items",
    path: INFER,
    init: infer({ shape: [0, 1, 28, 28], data: [] }),
    status: 422,
    field: "inputs[0].shape",
    detail: ["1 to 256"],
  },
  {
    name: "infer: data does not fit the shape",
    path: INFER,
    init: infer({ shape: [2, 1, 28, 28] }),
    status: 422,
    field: "inputs[0].data",
    detail: ["784", "1568"],
  },
  {
    name: "infer: unknown datatype",
    path: INFER,
    init: infer({ datatype: "FLOAT" }),
    status: 422,
    field: "inputs[0].datatype",
    detail: ['"FLOAT"', "BOOL, UINT8", "BYTES"],
  },
  {
    name: "infer: datatype of the other input",
    path: INFER,
    init: infer({ name: "pixels" }),
    status: 422,
    field: "inputs[0].datatype",
    detail: ['"FP32"', '"UINT8"'],
  },
  {
    name: "infer: both inputs",
    path: INFER,
    init: postJson({
      inputs: [{ name: "image", datatype: "FP32", shape: [1] }, {
        name: "pixels",
        datatype: "UINT8",
        shape: [1],
      }],
    }),
    status: 422,
    field: "inputs",
    detail: ["2 inputs", 'expected one: "image" or "pixels"'],
  },
  {
    name: "infer: no input",
    path: INFER,
    init: postJson({ inputs: [] }),
    status: 422,
    field: "inputs",
    detail: ["0 inputs", "expected one"],
  },
  {
    name: "infer: unknown output",
    path: INFER,
    init: infer({}, { outputs: [{ name: "features" }] }),
    status: 422,
    field: "outputs[0].name",
    detail: ['"features"', '"logits", "probabilities"'],
  },
  {
    name: "infer: an output twice",
    path: INFER,
    init: infer({}, { outputs: [{ name: "logits" }, { name: "logits" }] }),
    status: 422,
    field: "outputs[1].name",
    detail: ['"logits" again', "once"],
  },
  {
    name: "infer: more classes than there are",
    path: INFER,
    init: infer({}, { outputs: [{ name: "logits", parameters: { classification: 11 } }] }),
    status: 422,
    field: "outputs[0].parameters.classification",
    detail: ["11", "1 to 10"],
  },
  {
    name: "infer: classes of what has none",
    path: INFER,
    init: infer({}, { outputs: [{ name: "route", parameters: { classification: 1 } }] }),
    status: 422,
    field: "outputs[0].parameters.classification",
    detail: ["1", "none for route"],
  },
  {
    name: "infer: unknown policy",
    path: INFER,
    init: infer({}, { parameters: { policy: "fast" } }),
    status: 422,
    field: "policy",
    detail: ["fast", "always:small"],
  },
];

Deno.test("errors are problem documents that name field, value and what was expected", async (t) => {
  using app = await startTestApp();
  for (const { name, path, init, status, field, detail } of cases) {
    await t.step(name, async () => {
      const response = await app.request(path, init);
      const problem = await response.json();
      assertEquals(response.status, status, JSON.stringify(problem));
      assertEquals(response.headers.get("content-type"), "application/problem+json");
      assertEquals(problem.status, status);
      assertEquals(problem.error, problem.detail);
      assertEquals(problem.field, field);
      assert(problem.type.startsWith("urn:sluice:problem:") && problem.title);
      for (const part of detail) assertStringIncludes(problem.detail, part);
    });
  }

  await t.step("a wrong method is told the right one", async () => {
    const response = await app.request(CLASSIFY);
    assertEquals(response.headers.get("allow"), "POST");
    await response.body?.cancel();
  });

  await t.step("the server still answers", async () => {
    const response = await app.request(CLASSIFY, postJson({ data: item, shape: [1, 28, 28] }));
    assertEquals(response.status, 200);
    await response.body?.cancel();
  });
});

Deno.test("a body over the limit is refused with 413, declared or not", async () => {
  using app = await startTestApp({ workers: 1, maxBodyBytes: 2000 }, { plugins: [] });
  const body = new Uint8Array(2001);
  const streamed = postImage(new Blob([body]).stream());
  const declared = postImage(body, { "content-length": "2001" });
  for (const init of [streamed, declared]) {
    const response = await app.request(CLASSIFY, init);
    assertEquals(response.status, 413);
    assertStringIncludes((await response.json()).detail, "2000 bytes");
  }
});
