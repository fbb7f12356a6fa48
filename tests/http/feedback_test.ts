/** True labels that come later, by the id of the request. */
import { assert, assertAlmostEquals, assertEquals, assertMatch } from "@std/assert";
import { startTestApp } from "../harness/app/app.ts";
import { postImage, postJson } from "../harness/http/requests.ts";
import { normalise, readSamples } from "../harness/files/samples.ts";
import { clientOf, TOKEN } from "../harness/app/watch_client.ts";
import { until } from "../harness/wait/until.ts";

const V1 = "fashion-mnist@1";
const FEEDBACK = "/v1/pairs/fashion-mnist/feedback";

const samples = await readSamples();
const [first] = samples;
assert(first);

Deno.test("feedback", async (t) => {
  // All are compared, where the settings allow less, so that the loss is known of every label.
  using app = await startTestApp({ workers: 2, shadow: 1, adminTokens: [TOKEN] });
  const client = clientOf(app);
  const { call, classify, json, version } = client;
  const compared = () =>
    until("all are compared", async () => {
      const { items, shadow } = await version(V1);
      return shadow.drawn === items;
    });
  const infer = (id: string, count: number) => {
    const data = normalise(samples.slice(0, count));
    const input = { name: "image", datatype: "FP32", shape: [count, 1, 28, 28], data };
    const init = postJson({ inputs: [input] }, { "x-request-id": id });
    return app.request("/v2/models/fashion-mnist/infer", init);
  };

  await t.step("tells whether the answer was right, by label and by index", async () => {
    const { predictions: [{ label, index }] } = await classify(first.png, {
      "x-request-id": "by-label",
    });
    assertEquals(await json("POST", "feedback", { id: "by-label", label }), {
      pair: "fashion-mnist",
      id: "by-label",
      item: 0,
      policy: V1,
      right: true,
    });
    await classify(first.png, { "x-request-id": "by-index" });
    const other = (index + 1) % 10;
    const { right } = await json("POST", "feedback", { id: "by-index", label: other });
    assertEquals(right, false);
    assertEquals((await version(V1)).labels, { n: 2, accuracy: 0.5 });
  });

  await t.step("goes by the id in the answer where the client gives none", async () => {
    const init = postImage(first.png);
    const ids: string[] = [];
    for (let turn = 0; turn < 2; turn++) {
      const response = await app.request("/v1/pairs/fashion-mnist/classify", init);
      ids.push(response.headers.get("x-request-id") ?? "");
      const { predictions: [{ label }] } = await response.json();
      const { right } = await json("POST", "feedback", { id: ids.at(-1), label });
      assertEquals(right, true);
    }
    assert(ids[0] !== "" && ids[0] !== ids[1], ids.join());
  });

  await t.step("takes a label for each input of a batch", async () => {
    const response = await infer("batch", 3);
    assertEquals(response.headers.get("x-request-id"), "batch");
    const { data } = (await response.json()).outputs[0];
    for (const item of [2, 0]) {
      const logits: number[] = data.slice(10 * item, 10 * item + 10);
      const label = logits.indexOf(Math.max(...logits));
      const answer = await json("POST", "feedback", { id: "batch", item, label });
      assertEquals([answer.item, answer.right], [item, true]);
    }
    const beyond = await call("POST", "feedback", { id: "batch", item: 3, label: 0 });
    const problem = await beyond.json();
    assertEquals([beyond.status, problem.field], [422, "item"]);
    assertMatch(problem.detail, /is 3, expected 0 to 2/);
  });

  await t.step("counts accuracy and loss", async () => {
    const before = (await version(V1)).labels;
    let right = 0;
    let better = 0;
    for (const [index, { png, label }] of samples.entries()) {
      // One after the other, so that a worker is idle for each comparison.
      await compared();
      const answer = await classify(png, { "x-request-id": `${index}` });
      const isRight = answer.predictions[0].label === label;
      right += Number(isRight);
      const always = "/v1/pairs/fashion-mnist/classify?policy=always:large";
      const full = await app.json(always, postImage(png));
      better += Number(full.predictions[0].label === label) - Number(isRight);
      const feedback = await json("POST", "feedback", { id: `${index}`, label });
      assertEquals(feedback.right, isRight);
    }
    await compared();
    const { labels, loss } = await version(V1);
    assertEquals(labels.n, before.n + samples.length);
    assertAlmostEquals(labels.accuracy * labels.n, before.accuracy * before.n + right, 1e-6);
    assertEquals([loss.kind, loss.limit], ["signed", 0.01]);
    assert(loss.n > 0 && loss.n <= labels.n, `${loss.n} of ${labels.n}`);
    // All of these samples, and before them the answers of which one label was wrong for both.
    assertAlmostEquals(loss.rate * loss.n, better, 1e-6);
  });

  const refused: [what: string, body: unknown, status: number, field?: string][] = [
    ["an unknown request", { id: "nobody", label: 0 }, 404],
    ["an unknown label", { id: "0", label: "Hat" }, 422, "label"],
    ["an index that is too large", { id: "0", label: 10 }, 422, "label"],
    ["an index that is negative", { id: "0", label: -1 }, 422, "label"],
    ["no label", { id: "0" }, 422, "label"],
    ["no id", { label: 0 }, 422, "id"],
    ["a second label", { id: "0", label: 0 }, 422, "id"],
    ["an unknown member", { id: "0", label: 0, lable: 0 }, 422],
  ];
  for (const [what, body, status, field] of refused) {
    await t.step(`refuses ${what}`, async () => {
      const { labels } = await version(V1);
      const response = await call("POST", "feedback", body);
      const problem = await response.json();
      assertEquals(response.status, status, problem.detail);
      if (field !== undefined) assertEquals(problem.field, field, problem.detail);
      assertEquals((await version(V1)).labels, labels);
    });
  }

  await t.step("needs the token", async () => {
    const response = await app.request(FEEDBACK, postJson({ id: "batch", item: 1, label: 0 }));
    assertEquals(response.status, 401);
    await response.body?.cancel();
  });

  await t.step("is not taken for a request that chose its policy", async () => {
    const always = "/v1/pairs/fashion-mnist/classify?policy=always:small";
    await app.json(always, postImage(first.png, { "x-request-id": "own" }));
    assertEquals((await call("POST", "feedback", { id: "own", label: 0 })).status, 404);
  });
});

Deno.test("feedback: so many requests are remembered, and no more", async () => {
  using app = await startTestApp({
    workers: 1,
    shadow: 0,
    adminTokens: [TOKEN],
    feedbackInputs: 2,
  });
  const { call, classify } = clientOf(app);
  for (const id of ["a", "b", "c"]) await classify(first.png, { "x-request-id": id });
  const statuses = [];
  for (const id of ["a", "b", "c"]) {
    statuses.push((await call("POST", "feedback", { id, label: 0 })).status);
  }
  assertEquals(statuses, [404, 200, 200]);
});
