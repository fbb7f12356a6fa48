import { assert, assertEquals, assertMatch, assertNotEquals } from "@std/assert";
import { startTestApp } from "../harness/app/app.ts";
import { postJson } from "../harness/http/requests.ts";
import { admin, INPUT, latestText, POLICY, put, stateOf } from "../harness/app/policy_calls.ts";
import { readText } from "../harness/files/project.ts";
import { HAND_SET, handSetText } from "../harness/generators/policy_documents.ts";

const SETTINGS = { workers: 1, adminTokens: ["alpha", "beta"] };

Deno.test("GET and PUT /v1/pairs/{pair}/policy", async (t) => {
  using app = await startTestApp(SETTINGS);

  await t.step("gives the document as it is stored, and which version it is", async () => {
    const response = await app.request(POLICY);
    assertEquals(response.status, 200);
    assertEquals(await response.text(), await readText("policies/live/fashion-mnist.json"));
    const { headers } = response;
    assertEquals(headers.get("content-type"), "application/json");
    assertEquals(headers.get("cache-control"), "no-store, no-transform");
    assertEquals(headers.get("sluice-policy"), "fashion-mnist@1");
    assertMatch(headers.get("etag") ?? "", /^"[\x21\x23-\x7e]+"$/);
    assert(Date.parse(headers.get("last-modified") ?? "") <= Date.now());
  });

  await t.step("answers 304 to who has this version", async () => {
    const etag = (await app.request(POLICY)).headers.get("etag") ?? "";
    const cases = { [etag]: 304, [`W/${etag}`]: 304, [`"x", ${etag}`]: 304, "*": 304, '"x"': 200 };
    for (const [known, status] of Object.entries(cases)) {
      const response = await app.request(POLICY, { headers: { "if-none-match": known } });
      const text = await response.text();
      assertEquals([response.status, text === ""], [status, status === 304], known);
      assertEquals(response.headers.get("etag"), etag);
    }
  });

  await t.step("takes what GET gives and makes no version of it", async () => {
    const before = await stateOf(app);
    const got = await app.request(POLICY);
    const headers = { "if-match": got.headers.get("etag") ?? "" };
    const response = await app.request(POLICY, admin("PUT", await got.text(), headers));
    const { version, changed: isNew } = await response.json();
    assertEquals([response.status, version, isNew], [200, 1, false]);
    assertEquals(response.headers.get("etag"), headers["if-match"]);
    assertEquals(await stateOf(app), before);
  });

  await t.step("serves what was put, and gives every byte of it back", async () => {
    const provenance = { method: "löss ≤ 1 % \u{1f455}" };
    const shown = JSON.stringify({ ...HAND_SET, provenance }, null, "\t");
    const text = `\r\n\t${shown} \n\n`.replace('"active": "p2"', '"active" :"p\\u0032"');
    const first = (await app.request(POLICY)).headers.get("etag");
    const response = await put(app, text);
    const answer = await response.json();
    const { dry_run, ...rest } = answer;
    assertEquals([response.status, rest], [200, {
      pair: "fashion-mnist",
      policy: "fashion-mnist@2",
      version: 2,
      changed: true,
      operating_point: "p2",
      certified: true,
    }]);
    assert(dry_run.n >= 2, JSON.stringify(dry_run));
    const tried = dry_run.points.map(({ id }: { id: string }) => id);
    assertEquals(tried, ["p1", "p2", "p3", "p4"]);
    assert(text.includes('"p\\u0032"'));

    const got = await app.request(POLICY);
    assertEquals(new Uint8Array(await got.arrayBuffer()), new TextEncoder().encode(text));
    const etag = got.headers.get("etag");
    assertNotEquals(etag, first);
    assertEquals(response.headers.get("etag"), etag);
    assertEquals(response.headers.get("sluice-policy"), "fashion-mnist@2");
    assert(app.log.some((line) => /serves fashion-mnist@2 \(p2\), put from REST, /.test(line)));
  });

  await t.step("names the version in every answer of either protocol", async () => {
    const classified = await app.request("/v1/pairs/fashion-mnist/classify", postJson(INPUT));
    assertEquals(classified.headers.get("sluice-policy"), "fashion-mnist@2");
    assertEquals(classified.headers.get("sluice-operating-point"), "p2");
    const { route } = await classified.json();
    assertEquals([route.policy, route.operating_point], ["fashion-mnist@2", "p2"]);
    const input = { name: "image", datatype: "FP32", shape: [1, 1, 28, 28], data: INPUT.data };
    const inferred = await app.request(
      "/v2/models/fashion-mnist/infer",
      postJson({ inputs: [input] }),
    );
    assertEquals(inferred.headers.get("sluice-policy"), "fashion-mnist@2");
    const { parameters } = await inferred.json();
    assertEquals([parameters.policy, parameters.operating_point], ["fashion-mnist@2", "p2"]);
  });

  await t.step("changes nothing unless the precondition holds", async () => {
    const before = await stateOf(app);
    const etag = (await app.request(POLICY)).headers.get("etag") ?? "";
    const stale = (await app.json(`${POLICY}/versions`)).versions[1].etag;
    assertNotEquals(stale, etag);
    const text = handSetText((document) => document.active = "p4");
    const cases: [headers: Record<string, string>, status: number][] = [
      [{}, 428],
      [{ "if-match": stale }, 412],
      [{ "if-match": `W/${etag}` }, 412],
      [{ "if-match": `${stale}, W/${etag}` }, 412],
      [{ "if-match": "" }, 412],
      [{ "if-match": etag.slice(1, -1) }, 412],
      [{ "if-none-match": "*" }, 412],
      [{ "if-none-match": stale }, 428],
      [{ "if-match": etag, "if-none-match": "*" }, 412],
    ];
    for (const [headers, status] of cases) {
      const response = await app.request(POLICY, admin("PUT", text, headers));
      const problem = await response.json();
      assertEquals([response.status, problem.status], [status, status], JSON.stringify(headers));
      assertEquals(response.headers.get("content-type"), "application/problem+json");
    }
    assertEquals(await stateOf(app), before);
    for (const known of [etag, `"x", ${etag}`, "*"]) {
      const init = admin("PUT", await latestText(app), { "if-match": known });
      assertEquals((await app.json(POLICY, init)).changed, false, known);
    }
  });

  await t.step("lets one of several win who know the same version", async () => {
    const etag = (await app.request(POLICY)).headers.get("etag") ?? "";
    const texts = ["p1", "p3", "p4"].map((active) => handSetText((copy) => copy.active = active));
    const responses = await Promise.all(
      texts.map((text) => app.request(POLICY, admin("PUT", text, { "if-match": etag }))),
    );
    assertEquals(responses.map(({ status }) => status).toSorted(), [200, 412, 412]);
    await Promise.all(responses.map((response) => response.body?.cancel()));
    const winner = texts[responses.findIndex(({ status }) => status === 200)];
    assertEquals(await latestText(app), winner);
  });
});
