import { assertEquals, assertStringIncludes } from "@std/assert";
import { MAX_POLICY_BYTES } from "../../policies/mod.ts";
import { startTestApp } from "../harness/app/app.ts";
import { admin, POLICY, stateOf } from "../harness/app/policy_calls.ts";
import { handSetText, nested, ofLength, weighed } from "../harness/generators/policy_documents.ts";

const WEIGHT = "/nodes/medium/scores/0/weights/0";
const TOO_LONG = `the text is too long, expected at most ${MAX_POLICY_BYTES} bytes`;
const utf8 = (text: string) => new TextEncoder().encode(text);
const zeros = "0".repeat(64);

const refused: [
  name: string,
  body: string | Uint8Array<ArrayBuffer>,
  status: number,
  stage: string,
  pointer: string,
  reason: string,
][] = [
  ["truncated JSON", handSetText().slice(0, -1), 400, "parse", "", "the text is not JSON"],
  ["an empty body", "", 400, "parse", "", "the text is not JSON"],
  ["NaN weights", weighed("NaN"), 400, "parse", "", "the text is not JSON"],
  ["infinite weights", weighed("-Infinity"), 400, "parse", "", "the text is not JSON"],
  ["a byte order mark", `\ufeff${handSetText()}`, 400, "parse", "", "the text is not JSON"],
  ["two documents", handSetText().repeat(2), 400, "parse", "", "the text is not JSON"],
  ["a comment", `// note\n${handSetText()}`, 400, "parse", "", "the text is not JSON"],
  ["brackets that never close", "[".repeat(MAX_POLICY_BYTES), 400, "parse", "", "is not JSON"],
  ["bytes that are not UTF-8", Uint8Array.of(0x7b, 0xff, 0x7d), 400, "parse", "", "is not UTF-8"],
  ["UTF-8 that is cut off", utf8('"ü').slice(0, 2), 400, "parse", "", "the text is not UTF-8"],
  ["UTF-16", Uint8Array.of(0xff, 0xfe, 0x7b, 0, 0x7d, 0), 400, "parse", "", "is not UTF-8"],
  ["one byte too many", ofLength(MAX_POLICY_BYTES + 1), 422, "parse", "", TOO_LONG],
  ["one byte too many of umlauts", `"${"ü".repeat(30_720)}`, 422, "parse", "", TOO_LONG],
  ["10 MB of brackets", "[".repeat(10_000_000), 422, "parse", "", TOO_LONG],
  ["10 MB of nesting", nested(5_000_000), 422, "parse", "", TOO_LONG],
  ["10 MB of objects", '{"a":'.repeat(2_000_000), 422, "parse", "", TOO_LONG],
  ["more than the limit of bodies", nested(5_242_881), 422, "parse", "", TOO_LONG],
  ["20 MB that are not UTF-8", new Uint8Array(2e7).fill(0xff), 422, "parse", "", "expected"],
  ["deep nesting", nested(MAX_POLICY_BYTES / 2), 422, "schema", "", "expected object"],
  ["deep nesting inside", weighed(nested(20_000)), 422, "schema", WEIGHT, "expected number"],
  ["null", "null", 422, "schema", "", "expected object, got null"],
  ["a list", "[]", 422, "schema", "", "expected object"],
  [
    "an unknown field",
    handSetText((copy) => copy.extra = 1),
    422,
    "schema",
    "/extra",
    "unknown member",
  ],
  [
    "an unknown field deep inside",
    handSetText((copy) => copy.points[2].nodes.small["a/b~"] = 1),
    422,
    "schema",
    "/points/2/nodes/small/a~1b~0",
    "unknown member",
  ],
  ["null weights", weighed("null"), 422, "schema", WEIGHT, "expected number, got null"],
  ["weights that overflow", weighed("1e999"), 422, "schema", WEIGHT, "got Infinity"],
  ["huge weights", weighed("1e308"), 422, "schema", WEIGHT, "expected a number from -1000000000"],
  ["no points", handSetText((copy) => copy.points = []), 422, "schema", "/points", "one to eight"],
  [
    "an active point that is none",
    handSetText((copy) => copy.active = "p9"),
    422,
    "schema",
    "/active",
    "p9",
  ],
  [
    "another pair",
    handSetText((copy) => copy.pair = "fashion-mnist-exits"),
    422,
    "bind",
    "/pair",
    "expected",
  ],
  [
    "other models' hashes",
    handSetText((copy) => copy.models.medium = zeros),
    422,
    "bind",
    "/models/medium",
    `got "${zeros}"`,
  ],
  [
    "a model that there is not",
    handSetText((copy) => copy.models.huge = zeros),
    422,
    "bind",
    "/models/huge",
    "the pair has no model huge",
  ],
  [
    "an edge that does not exist",
    handSetText((copy) => copy.nodes.medium.actions[1] = "small"),
    422,
    "bind",
    "/nodes/medium/actions/1",
    "the graph has no edge medium → small",
  ],
  [
    "a node that does not exist",
    handSetText((copy) => copy.nodes.huge = copy.nodes.small),
    422,
    "bind",
    "/nodes/huge",
    "there is no node huge",
  ],
  [
    "a state that nobody decides",
    handSetText((copy) => {
      delete copy.nodes.medium;
      for (const { nodes } of copy.points) delete nodes.medium;
    }),
    422,
    "bind",
    "/nodes/medium",
    "the policy leads to small>medium",
  ],
  [
    "a point without a setting",
    handSetText((copy) => delete copy.points[1].nodes.medium),
    422,
    "bind",
    "/points/1/nodes/medium",
    "missing",
  ],
];

Deno.test("a document that cannot be used is refused with stage, pointer and reason", async (t) => {
  using app = await startTestApp({ workers: 1, adminTokens: ["alpha"] });
  const before = await stateOf(app);
  for (const [name, body, status, stage, pointer, reason] of refused) {
    await t.step(name, async () => {
      const etag = (await app.request(POLICY)).headers.get("etag") ?? "";
      const calls: [url: string, init: RequestInit][] = [
        [POLICY, admin("PUT", body, { "if-match": etag })],
        [`${POLICY}/validate`, { method: "POST", body }],
      ];
      for (const [url, init] of calls) {
        const [response, during] = await Promise.all([app.request(url, init), stateOf(app)]);
        const problem = await response.json();
        assertEquals([response.status, problem.status], [status, status], JSON.stringify(problem));
        assertEquals(problem.type, "urn:sluice:problem:policy-refused");
        assertEquals([problem.stage, problem.pointer], [stage, pointer]);
        assertStringIncludes(problem.reason, reason);
        assertStringIncludes(problem.detail, problem.reason);
        assertEquals([during, await stateOf(app)], [before, before]);
      }
    });
  }

  await t.step("in pieces as well, in the midst of a letter", async () => {
    const pieces = [utf8('{"ü').slice(0, 3), utf8("ü").slice(1), utf8('": 1}')];
    const response = await app.request(`${POLICY}/validate`, {
      method: "POST",
      body: ReadableStream.from(pieces),
    });
    const { stage, pointer } = await response.json();
    assertEquals([response.status, stage], [422, "schema"]);
    assertEquals(pointer, "/pair");
  });

  await t.step("and the log says nothing of it, because nothing has changed", () => {
    assertEquals(app.log.filter((line) => line.startsWith("pair fashion-mnist: ")).length, 1);
  });
});
