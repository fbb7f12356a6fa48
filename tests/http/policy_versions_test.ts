import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { KEPT_VERSIONS } from "../../policies/stores/mod.ts";
import { withNote } from "../harness/files/live_policies.ts";
import { postJson } from "../harness/http/requests.ts";
import { admin, INPUT, put, startEmptyApp } from "../harness/app/policy_calls.ts";

const SETTINGS = { adminTokens: ["alpha", "beta"] };

Deno.test("a pair without a policy document", async (t) => {
  await using empty = await startEmptyApp(SETTINGS);
  const { app, text, path } = empty;

  await t.step("has nothing to get, to choose from, or to go back to", async () => {
    for (
      const [url, init] of [
        [path],
        [path, admin("PATCH", '{"active": "fast"}')],
        [`${path}/rollback`, admin("POST")],
      ] as const
    ) {
      const response = await app.request(url, init);
      const { type, detail } = await response.json();
      assertEquals([response.status, type], [404, "urn:sluice:problem:no-policy"]);
      assertStringIncludes(detail, "always:dear serves");
    }
    assertEquals((await app.json(`${path}/versions`)).versions, []);
    assertEquals((await app.request(`${path}/versions/1`)).status, 404);
  });

  await t.step("validates a document all the same", async () => {
    const { valid, operating_point } = await app.json(`${path}/validate`, {
      method: "POST",
      body: text,
    });
    assertEquals([valid, operating_point], [true, "safe"]);
  });

  await t.step("takes the first one under If-None-Match: *, and not under If-Match", async () => {
    for (const known of ["*", '"1-x"']) {
      const response = await app.request(path, admin("PUT", text, { "if-match": known }));
      assertEquals([response.status, (await response.json()).status], [412, 412]);
    }
    const headers = { "if-none-match": "*" };
    const response = await app.request(path, admin("PUT", text, headers));
    const { version, changed } = await response.json();
    assertEquals([response.status, version, changed], [201, 1, true]);
    const { route } = await app.json("/v1/pairs/by-hand/classify", postJson(INPUT));
    assertEquals([route.policy, route.path], ["by-hand@1", ["cheap", "dear"]]);
    const again = await app.request(path, admin("PUT", text, headers));
    assertEquals([again.status, (await again.json()).status], [412, 412]);
  });
});

Deno.test("versions and rollback", async (t) => {
  await using empty = await startEmptyApp(SETTINGS);
  const { app, text, path } = empty;
  const rollback = (body?: string, headers?: Record<string, string>) =>
    app.request(`${path}/rollback`, admin("POST", body, headers));
  const texts = Array.from(
    { length: KEPT_VERSIONS + 2 },
    (_, index) => withNote(text, `v${index + 1}`),
  );
  await app.request(path, admin("PUT", texts[0], { "if-none-match": "*" }));
  await app.request(path, {
    ...admin("PUT", texts[1], { "if-match": "*", authorization: "Bearer beta" }),
  });

  await t.step("say when, from where, how, which version and which operating point", async () => {
    const { versions, serves, pair, rejected } = await app.json(`${path}/versions`);
    assertEquals([pair, serves, rejected], [
      "by-hand",
      { policy: "by-hand@2", operating_point: "safe" },
      undefined,
    ]);
    const [{ date, sha256, etag, ...latest }, first] = versions;
    assertEquals(latest, {
      policy: "by-hand@2",
      version: 2,
      change: "put",
      from: "REST, unknown address, token 2",
      operating_point: "safe",
      kept: true,
    });
    assertEquals([first.version, first.from], [1, "REST, unknown address, token 1"]);
    assertEquals(etag, (await app.request(path)).headers.get("etag"));
    assertMatch(sha256, /^[0-9a-f]{64}$/);
    assert(Date.now() - Date.parse(date) < 60_000);
  });

  await t.step("give the text of each version under its own tag", async () => {
    const { versions } = await app.json(`${path}/versions`);
    for (const { version, etag, policy } of versions) {
      const response = await app.request(`${path}/versions/${version}`);
      assertEquals(await response.text(), texts[version - 1]);
      assertEquals(response.headers.get("etag"), etag);
      assertEquals(response.headers.get("sluice-policy"), policy);
    }
  });

  await t.step("know no other version", async () => {
    for (const [version, status] of [["3", 404], ["0", 422], ["one", 422], ["1.5", 422]] as const) {
      const response = await app.request(`${path}/versions/${version}`);
      assertEquals([response.status, (await response.json()).status], [status, status], version);
    }
  });

  await t.step("bring the version before back as a new one", async () => {
    const response = await rollback();
    const { version, changed } = await response.json();
    assertEquals([response.status, version, changed], [200, 3, true]);
    assertEquals(response.headers.get("sluice-policy"), "by-hand@3");
    assertEquals(await (await app.request(path)).text(), texts[0]);
    const { versions: [latest] } = await app.json(`${path}/versions`);
    assertEquals([latest.change, latest.restores], ["rollback", 1]);
    const { route } = await app.json("/v1/pairs/by-hand/classify", postJson(INPUT));
    assertEquals(route.policy, "by-hand@3");
  });

  await t.step("bring a given version back, under the tag of the latest", async () => {
    const etag = (await app.request(path)).headers.get("etag") ?? "";
    const stale = await rollback('{"version": 2}', { "if-match": '"2-x"' });
    assertEquals([stale.status, (await stale.json()).status], [412, 412]);
    const { version } = await (await rollback('{"version": 2}', { "if-match": etag })).json();
    assertEquals([version, await (await app.request(path)).text()], [4, texts[1]]);
    assertEquals((await (await rollback('{"version": 4}')).json()).changed, false);
  });

  for (
    const [body, status, field] of [
      ['{"version": 9}', 422, "version"],
      ['{"version": 0}', 422, "version"],
      ['{"version": "1"}', 422, "version"],
      ['{"version": 1.5}', 422, "version"],
      ['{"versions": 1}', 422, "body"],
      ["1", 422, "body"],
      ["{", 400, undefined],
      [" ".repeat(10 * 1024 * 1024 + 1), 413, undefined],
    ] as const
  ) {
    await t.step(`refuse to go back to ${body.trim() || "10 MB of blanks"}`, async () => {
      const before = await app.json(`${path}/versions`);
      const response = await rollback(body);
      const problem = await response.json();
      assertEquals([response.status, problem.field], [status, field], JSON.stringify(problem));
      assertEquals(await app.json(`${path}/versions`), before);
    });
  }

  await t.step("keep the texts of the last ten, and the trail of all", async () => {
    for (const next of texts.slice(4)) assertEquals((await put(app, next, path)).status, 200);
    const { versions } = await app.json(`${path}/versions`);
    const last = texts.length;
    assertEquals(
      versions.map(({ version }: { version: number }) => version),
      texts.map((_, i) => last - i),
    );
    const kept = versions.filter(({ kept }: { kept: boolean }) => kept);
    assertEquals(kept.at(-1).version, last - KEPT_VERSIONS + 1);
    for (const { version, kept } of versions) {
      const response = await app.request(`${path}/versions/${version}`);
      assertEquals(response.status, kept ? 200 : 404);
      await response.body?.cancel();
    }
    const gone = await rollback(`{"version": ${last - KEPT_VERSIONS}}`);
    assertEquals(gone.status, 422);
    assertStringIncludes((await gone.json()).detail, `expected one of ${last}, ${last - 1}`);
    assertEquals((await rollback(`{"version": ${last - KEPT_VERSIONS + 1}}`)).status, 200);
  });
});

Deno.test("POST /v1/pairs/{pair}/policy/validate tells what a document does; nothing changes", async () => {
  await using empty = await startEmptyApp();
  const { app, text, path } = empty;
  await app.json("/v1/pairs/by-hand/classify", postJson(INPUT));
  const response = await app.request(`${path}/validate`, { method: "POST", body: text });
  assertEquals([response.status, response.headers.get("cache-control")], [
    200,
    "no-store, no-transform",
  ]);
  const { dry_run, ...rest } = await response.json();
  const expected = { pair: "by-hand", valid: true, operating_point: "safe", certified: false };
  assertEquals(rest, expected);
  const { models } = await app.json("/v1/pairs/by-hand");
  const [fast, safe] = dry_run.points;
  assertEquals([fast.id, fast.paths, fast.cost_unit], ["fast", { cheap: 1 }, "ms"]);
  assertEquals([fast.cost, safe.paths], [models.cheap.cost, { "cheap>dear": 1 }]);
  assert(Math.abs(safe.cost - models.cheap.cost - models.dear.cost) < 1e-3);
  assert(dry_run.n >= 3, `${dry_run.n}`);
  assertEquals((await app.json(`${path}/versions`)).versions, []);
  const { route } = await app.json("/v1/pairs/by-hand/classify", postJson(INPUT));
  assertEquals(route.policy, "always:dear");
});
