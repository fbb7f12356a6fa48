import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { type EmptyApp, startEmptyApp } from "../harness/app/policy_calls.ts";

/** Every call that changes something, and that would succeed with a token. */
function changes({ path, text }: EmptyApp): [url: string, init: RequestInit][] {
  return [
    [path, { method: "PUT", body: text, headers: { "if-none-match": "*" } }],
    [path, { method: "PATCH", body: '{"active": "fast"}' }],
    [`${path}/rollback`, { method: "POST", body: '{"version": 1}' }],
  ];
}

function withHeader(init: RequestInit, authorization: string | undefined): RequestInit {
  const headers = new Headers(init.headers);
  if (authorization !== undefined) headers.set("authorization", authorization);
  return { ...init, headers };
}

Deno.test("changes are off where no token is configured, and the answer says how to set one", async () => {
  await using empty = await startEmptyApp({ adminTokens: [] });
  const { app, path, text } = empty;
  for (const [url, init] of changes(empty)) {
    for (const authorization of [undefined, "Bearer ", "Bearer alpha", "Bearer undefined"]) {
      const response = await app.request(url, withHeader(init, authorization));
      const problem = await response.json();
      assertEquals([response.status, problem.type], [403, "urn:sluice:problem:changes-off"]);
      assertMatch(problem.detail, /set SLUICE_ADMIN_TOKEN .* `Authorization: Bearer <token>`/);
    }
  }
  const validated = await app.json(`${path}/validate`, { method: "POST", body: text });
  assertEquals(validated.valid, true);
  assertEquals((await app.json(`${path}/versions`)).versions, []);
  assertEquals((await app.json(path)).status, 404);
});

Deno.test("changes need one of the tokens", async (t) => {
  const long = "x".repeat(4000);
  const tokens = ["alpha", "b", long, "-._~+/=="];
  await using empty = await startEmptyApp({ adminTokens: tokens });
  const { app, path } = empty;
  const wrong: [name: string, authorization: string | undefined, why: string][] = [
    ["no header", undefined, "no token is given"],
    ["an empty header", "", "no token is given"],
    ["no token", "Bearer", "is not understood"],
    ["an empty token", "Bearer ", "is not understood"],
    ["another scheme", "Basic YWxwaGE6", "is not understood"],
    ["the token alone", "alpha", "is not understood"],
    ["two tokens", "Bearer alpha b", "is not understood"],
    ["all tokens", "Bearer alpha,b", "is not understood"],
    ["no white space", "Beareralpha", "is not understood"],
    ["another token", "Bearer gamma", "is not one of"],
    ["the beginning of a token", "Bearer alph", "is not one of"],
    ["more than a token", "Bearer alphaa", "is not one of"],
    ["a token in capitals", "Bearer ALPHA", "is not one of"],
    ["another long token", `Bearer ${long}x`, "is not one of"],
  ];
  for (const [name, authorization, why] of wrong) {
    await t.step(`${name} is refused`, async () => {
      for (const [url, init] of changes(empty)) {
        const response = await app.request(url, withHeader(init, authorization));
        const problem = await response.json();
        assertEquals([response.status, problem.status], [401, 401]);
        assertEquals(response.headers.get("content-type"), "application/problem+json");
        assertMatch(response.headers.get("www-authenticate") ?? "", /^Bearer /);
        assertStringIncludes(problem.detail, why);
        for (const token of tokens.filter((token) => token.length > 1)) {
          assert(!JSON.stringify(problem).includes(token), "the answer shows a token");
        }
      }
      assertEquals((await app.json(`${path}/versions`)).versions, []);
    });
  }

  for (const [index, token] of tokens.entries()) {
    await t.step(`token ${index + 1}, of ${token.length} letters, is taken`, async () => {
      const [[url, init]] = changes(empty) as [[string, RequestInit]];
      const body = JSON.parse(init.body as string);
      body.provenance.note = `${index}`;
      const scheme = index % 2 === 0 ? "Bearer" : "bearer";
      const headers = index === 0 ? { "if-none-match": "*" } : { "if-match": "*" };
      const response = await app.request(
        url,
        withHeader({ ...init, body: JSON.stringify(body), headers }, `${scheme} ${token}`),
      );
      assertEquals((await response.json()).version, index + 1);
      const { versions: [latest] } = await app.json(`${path}/versions`);
      assertEquals(latest.from, `REST, unknown address, token ${index + 1}`);
    });
  }

  await t.step("nobody finds a token in the log", () => {
    for (const token of [...tokens.filter((token) => token.length > 1), "gamma"]) {
      assert(app.log.every((line) => !line.includes(token)));
    }
  });
});

Deno.test("a single token has no number in the audit trail", async () => {
  await using empty = await startEmptyApp({ adminTokens: ["alpha"] });
  const { app, path } = empty;
  for (const [url, init] of changes(empty)) {
    const response = await app.request(url, withHeader(init, "Bearer alpha"));
    assert(response.ok);
    await response.body?.cancel();
  }
  const { versions } = await app.json(`${path}/versions`);
  const trail = versions.map(({ change, from }: Record<string, string>) => [change, from]);
  const from = "REST, unknown address";
  assertEquals(trail, [["rollback", from], ["choose", from], ["put", from]]);
});
