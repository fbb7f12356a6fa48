import { assertEquals } from "@std/assert";
import { stub } from "@std/testing/mock";
import { PolicyStoreError } from "../../policies/stores/mod.ts";
import {
  NodeUnavailableError,
  PairNotReadyError,
  PluginCodeError,
  QueueFullError,
  WorkerCrashError,
} from "../../registry/mod.ts";
import { KINDS } from "../../routes/http/mod.ts";
import { startTestApp, type TestApp } from "../harness/app/app.ts";
import { postBinary, postImage, postJson } from "../harness/http/requests.ts";
import { type CheckedAnswer, Contract } from "../harness/app/openapi_contract.ts";
import { admin, documentFor, INPUT } from "../harness/app/policy_calls.ts";
import { replaceProperty } from "../harness/replace_property.ts";
import { HAND_SET } from "../harness/generators/policy_documents.ts";
import { makePluginFolder, otherPair } from "../harness/files/plugins.ts";
import { readSamples } from "../harness/files/samples.ts";

const PAIR = "/v1/pairs/fashion-mnist";
const MODEL = "/v2/models/fashion-mnist";
const DOCUMENT = JSON.stringify(HAND_SET);
const TENSOR = { name: "image", datatype: "FP32", shape: [1, 1, 28, 28], data: INPUT.data };
const [SAMPLE] = await readSamples();

/** A call, its status, and its kind of problem if it has one. */
type Call = readonly [path: string, init: RequestInit, status: number, problem?: string];

/** Calls that follow on each other. Between them, every operation answers as it should. */
const SUCCESSES: readonly Call[] = [
  ["/", {}, 200],
  ["/healthz", {}, 200],
  ["/metrics", {}, 200],
  ["/openapi.json", {}, 200],
  ["/docs", {}, 200],
  ["/docs/setup.js", {}, 200],
  ["/docs/swagger-ui.css", {}, 200],
  ["/v1/pairs", {}, 200],
  [PAIR, {}, 200],
  ["/v1/pairs/broken", {}, 200],
  [`${PAIR}/classify`, postJson(INPUT), 200],
  [`${PAIR}/classify`, postImage(SAMPLE!.png), 200],
  [`${PAIR}/policy/versions`, {}, 200],
  [`${PAIR}/policy/validate`, { method: "POST", body: DOCUMENT }, 200],
  [`${PAIR}/policy`, admin("PUT", DOCUMENT, { "if-match": "*" }), 200],
  ["/v1/pairs/by-hand/policy/versions", {}, 200],
  [`${PAIR}/policy`, {}, 200],
  [`${PAIR}/policy`, { headers: { "if-none-match": "*" } }, 304],
  [`${PAIR}/policy`, admin("PATCH", '{"active": "p3"}'), 200],
  [`${PAIR}/policy/versions`, {}, 200],
  [`${PAIR}/policy/versions/1`, {}, 200],
  [`${PAIR}/policy/rollback`, admin("POST"), 200],
  [`${PAIR}/classify?top_k=10`, postJson(INPUT, { "x-request-id": "labelled" }), 200],
  [`${PAIR}/feedback`, admin("POST", '{"id": "labelled", "label": 3}'), 200],
  [`${PAIR}/policy/canary`, admin("PUT", DOCUMENT.replace('"active":"p2"', '"active":"p1"')), 200],
  [`${PAIR}/policy/canary`, {}, 200],
  [`${PAIR}/policy/canary`, admin("PATCH", '{"share": "20%"}'), 200],
  [`${PAIR}/report`, {}, 200],
  [`${PAIR}/policy/canary/promote`, admin("POST"), 200],
  [`${PAIR}/policy/canary`, admin("PUT", DOCUMENT), 200],
  [`${PAIR}/policy/canary`, admin("DELETE"), 204],
  [PAIR, {}, 200],
  ["/v2", {}, 200],
  ["/v2/health/live", {}, 200],
  ["/v2/health/ready", {}, 200],
  ["/v2/repository/index", { method: "POST" }, 200],
  ["/v2/repository/index", postJson({ ready: true }), 200],
  ...[MODEL, `${MODEL}/versions/1`].flatMap((path): Call[] => [
    [path, {}, 200],
    [`${path}/ready`, {}, 200],
    [`${path}/infer`, postJson({ inputs: [TENSOR] }), 200],
    [
      `${path}/infer`,
      postJson({ inputs: [TENSOR], parameters: { binary_data_output: true } }),
      200,
    ],
  ]),
  [
    `${MODEL}/infer`,
    postBinary({
      inputs: [{ ...TENSOR, data: undefined, parameters: { binary_data_size: 3136 } }],
    }, new Uint8Array(3136)),
    200,
  ],
];

/** Refusals that a client can bring about. */
const REFUSALS: readonly Call[] = [
  ["/v1/pairs/none", {}, 404, "unknown-pair"],
  ["/docs/none.js", {}, 404, "not-found"],
  [`${PAIR}/classify`, { ...postJson({}), body: "{" }, 400, "bad-request"],
  [`${PAIR}/classify`, postJson({}), 422, "invalid-input"],
  [
    `${PAIR}/classify`,
    postImage(new Uint8Array(4), { "content-type": "image/gif" }),
    415,
    "unsupported-media-type",
  ],
  [`${PAIR}/classify`, postImage(new Uint8Array(100_001)), 413, "body-too-large"],
  ["/v1/pairs/broken/classify", postJson(INPUT), 503, "pair-not-ready"],
  ["/v1/pairs/by-hand/policy", {}, 404, "no-policy"],
  [`${PAIR}/policy`, { method: "PUT", body: DOCUMENT }, 401, "unauthorized"],
  [`${PAIR}/policy`, admin("PUT", DOCUMENT), 428, "precondition-required"],
  [`${PAIR}/policy`, admin("PUT", DOCUMENT, { "if-match": '"1-0"' }), 412, "stale"],
  [`${PAIR}/policy`, admin("PUT", "{", { "if-match": "*" }), 400, "policy-refused"],
  [`${PAIR}/policy`, admin("PUT", "{}", { "if-match": "*" }), 422, "policy-refused"],
  [`${PAIR}/policy`, admin("PATCH", "{"), 400, "bad-request"],
  [`${PAIR}/policy`, admin("PATCH", "{}"), 422, "invalid-input"],
  [`${PAIR}/policy/validate`, { method: "POST", body: "[]" }, 422, "policy-refused"],
  [`${PAIR}/policy/versions/99`, {}, 404, "not-found"],
  [`${PAIR}/policy/versions/x`, {}, 422, "invalid-input"],
  [`${PAIR}/policy/rollback`, admin("POST", '{"version": 99}'), 422, "invalid-input"],
  [`${PAIR}/policy/canary`, {}, 404, "no-policy"],
  [`${PAIR}/policy/canary?share=0`, admin("PUT", DOCUMENT), 422, "invalid-input"],
  [`${PAIR}/policy/canary/promote`, admin("POST"), 404, "no-policy"],
  [`${PAIR}/feedback`, admin("POST", '{"id": "never", "label": 3}'), 404, "unknown-request"],
  [`${MODEL}/versions/2`, {}, 404, "not-found"],
  [`${MODEL}/infer`, postJson({ inputs: [] }), 422, "invalid-input"],
  ["/v2/models/broken/ready", {}, 503, "pair-not-ready"],
  ["/v2/repository/index", postJson([]), 422, "invalid-input"],
];

/** What befalls the server while it answers. */
const FAILURES: readonly (readonly [error: Error, status: number, problem: string])[] = [
  [new Error("unexpected"), 500, "internal"],
  [new QueueFullError(256), 503, "queue-full"],
  [new NodeUnavailableError("large", "is away"), 503, "node-unavailable"],
  [new PluginCodeError("preprocess", "failed"), 500, "plugin-failed"],
  [new WorkerCrashError("gone"), 503, "worker-crashed"],
  [new DOMException("gone", "AbortError"), 503, "cancelled"],
  [new PairNotReadyError("fashion-mnist", "is loading", true), 503, "pair-not-ready"],
];

Deno.test("every operation answers as it is described, and so does every error", async (t) => {
  await using folder = await makePluginFolder({
    broken: "export default 1;",
    "by-hand": otherPair("by-hand"),
  });
  using app = await startTestApp({
    workers: 1,
    adminTokens: ["alpha"],
    maxBodyBytes: 100_000,
    plugins: [folder.url.pathname],
  });
  const contract = await Contract.of(app);
  const seen: CheckedAnswer[] = [];
  const send = async ([path, init, status, problem]: Call, to: TestApp = app) => {
    const answer = await contract.check(init.method ?? "GET", path, await to.request(path, init));
    assertEquals([answer.status, answer.problem], [status, problem]);
    seen.push(answer);
  };
  const step = (call: Call) => {
    const [path, { method = "GET" }, status, problem = ""] = call;
    return t.step(`${method} ${path} ${status} ${problem}`, () => send(call));
  };
  for (const call of [...SUCCESSES, ...REFUSALS]) await step(call);

  const first = admin("PUT", await documentFor(app, "by-hand"), { "if-none-match": "*" });
  await step(["/v1/pairs/by-hand/policy", first, 201]);

  for (const [error, status, problem] of FAILURES) {
    await t.step(`${error.name}: ${error.message}`, async () => {
      using _ = stub(app.services.registry, "infer", () => Promise.reject(error));
      await send([`${PAIR}/classify`, postJson(INPUT), status, problem]);
      await send([`${MODEL}/infer`, postJson({ inputs: [TENSOR] }), status, problem]);
    });
  }

  await t.step("a store that cannot be read", async () => {
    const { live } = app.services.registry.get("fashion-mnist");
    using _ = stub(live, "latest", () => Promise.reject(new PolicyStoreError("away")));
    await send([`${PAIR}/policy`, {}, 503, "policy-store"]);
  });

  await t.step("a server that is about to stop", async () => {
    using _ = replaceProperty(app.services.registry, "draining", true);
    await send(["/v1/pairs", {}, 503, "stopping"]);
    await send([`${PAIR}/policy`, admin("PUT", DOCUMENT), 503, "stopping"]);
    await send(["/v2/health/live", {}, 200]);
  });

  await t.step("a server without pairs, and without tokens", async () => {
    using bare = await startTestApp({ workers: 1 }, { plugins: [] });
    await send(["/v2/health/ready", {}, 503], bare);
    await send([`${PAIR}/policy/canary`, admin("DELETE"), 403, "changes-off"], bare);
  });

  await t.step("nothing was left out", () => {
    const succeeded = new Set(
      seen.filter(({ problem }) => problem === undefined).map(({ operationId }) => operationId),
    );
    const operations = Object.values(contract.document.paths).flatMap(Object.values);
    assertEquals(
      operations.map(({ operationId }) => operationId).filter((id) => !succeeded.has(id)),
      [],
    );
    const kinds = new Set(seen.map(({ status, problem }) => `${status} ${problem}`));
    const missing = Object.values(KINDS).map(({ status, slug }) => `${status} ${slug}`)
      .filter((kind) => !kinds.has(kind));
    // No operation has it: it is for methods that there are not.
    assertEquals(missing, ["405 method-not-allowed"]);
  });

  await t.step("a method that there is not", async () => {
    const problem = await app.json(PAIR, { method: "DELETE" });
    contract.validate("api#/components/schemas/MethodNotAllowedProblem", problem, "405");
  });
});
