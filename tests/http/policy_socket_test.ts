/** Policies through a real socket, where bodies come in pieces and callers have addresses. */
import { assertEquals } from "@std/assert";
import { createApp } from "../../routes/mod.ts";
import { startTestApp } from "../harness/app/app.ts";
import { postJson } from "../harness/http/requests.ts";
import { admin, INPUT, POLICY, stateOf } from "../harness/app/policy_calls.ts";
import { startHttpServer } from "../harness/http/http_server.ts";
import { handSetText, nested } from "../harness/generators/policy_documents.ts";

const LIMIT = 10 * 1024 * 1024;

const bodies = {
  "10 MB of nesting": nested(5_000_000),
  "as much nesting as bodies may be long": nested(LIMIT / 2),
  "one byte more": `${nested(LIMIT / 2)}]`,
  "20 MB of brackets": "[".repeat(20_000_000),
};

Deno.test("documents that are far too long are refused through a socket", async (t) => {
  using app = await startTestApp({ workers: 1, adminTokens: ["alpha"] });
  const before = await stateOf(app);
  await using server = startHttpServer(createApp(app.services).fetch);
  const { address } = server;
  for (const [name, body] of Object.entries(bodies)) {
    for (const sent of ["at once", "in pieces"]) {
      await t.step(`${name}, ${sent}`, async () => {
        const etag = (await app.request(POLICY)).headers.get("etag") ?? "";
        const bodyOf = () => sent === "at once" ? body : new Blob([body]).stream();
        const calls: [path: string, init: RequestInit][] = [
          [POLICY, admin("PUT", bodyOf(), { "if-match": etag })],
          [`${POLICY}/validate`, { method: "POST", body: bodyOf() }],
        ];
        for (const [path, init] of calls) {
          const [response, during] = await Promise.all([
            fetch(address + path, init),
            fetch(`${address}/v1/pairs/fashion-mnist/classify`, postJson(INPUT)),
          ]);
          assertEquals((await during.json()).route.policy, "fashion-mnist@1");
          const { stage, pointer, reason } = await response.json();
          assertEquals([response.status, stage, pointer], [422, "parse", ""]);
          assertEquals(reason, "the text is too long, expected at most 61440 bytes");
        }
        assertEquals(await stateOf(app), before);
      });
    }
  }
});

Deno.test("whoever sends too much without a token or a precondition hears that, through a socket", async () => {
  using app = await startTestApp({ workers: 1, adminTokens: ["alpha"] }, { plugins: [] });
  const body = "[".repeat(20_000_000);
  const calls: [init: RequestInit, status: number][] = [
    [{ method: "PUT", body }, 401],
    [admin("PUT", body, { authorization: "Bearer gamma" }), 401],
    [admin("PATCH", body), 413],
  ];
  await using server = startHttpServer(createApp(app.services).fetch);
  const { address } = server;
  for (const [init, status] of calls) {
    const response = await fetch(address + POLICY, init);
    assertEquals([response.status, (await response.json()).status], [status, status]);
    assertEquals(response.headers.has("www-authenticate"), status === 401);
  }
});

Deno.test("the audit trail names the address of the caller", async () => {
  using app = await startTestApp({ workers: 1, adminTokens: ["alpha"] });
  await using server = startHttpServer(createApp(app.services).fetch);
  const { address } = server;
  const response = await fetch(address + POLICY, admin("PUT", handSetText(), { "if-match": "*" }));
  assertEquals((await response.json()).version, 2);
  const { versions: [latest] } = await app.json(`${POLICY}/versions`);
  assertEquals(latest.from, "REST, 127.0.0.1");
  assertEquals(
    app.log.at(-1),
    "pair fashion-mnist: serves fashion-mnist@2 (p2), put from REST, 127.0.0.1",
  );
});
