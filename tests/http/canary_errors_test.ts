/** What a canary is refused for; nothing changes then. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { startTestApp } from "../harness/app/app.ts";
import { clientOf, TOKEN } from "../harness/app/watch_client.ts";
import { readPolicyText } from "../harness/files/live_policies.ts";

const CANARY = "/v1/pairs/fashion-mnist/policy/canary";
const OTHER = await readPolicyText({ active: "p8", method: "canary" });

Deno.test("canary: refusals", async (t) => {
  using app = await startTestApp({ workers: 1, shadow: 0, adminTokens: [TOKEN] });
  const { call, json } = clientOf(app);

  await t.step("without a canary there is none to read, change, drop or promote", async () => {
    const calls: [string, string, unknown?][] = [
      ["GET", "policy/canary"],
      ["PATCH", "policy/canary", { share: 0.5 }],
      ["DELETE", "policy/canary"],
      ["POST", "policy/canary/promote"],
    ];
    for (const [method, path, body] of calls) {
      const response = await call(method, path, body);
      const problem = await response.json();
      assertEquals([method, response.status, problem.type], [
        method,
        404,
        "urn:sluice:problem:no-policy",
      ]);
      assertStringIncludes(problem.detail, "canary");
    }
  });

  const { canary } = await json("PUT", "policy/canary?share=20%25", OTHER);

  await t.step("whoever changes it needs the token", async () => {
    for (
      const [method, path] of [["PUT", ""], ["PATCH", ""], ["DELETE", ""], ["POST", "/promote"]]
    ) {
      const response = await app.request(`${CANARY}${path}`, { method: method as string });
      assertEquals([method, response.status], [method, 401]);
      await response.body?.cancel();
    }
    assertEquals((await call("GET", "policy/canary")).status, 200);
  });

  for (const share of ["0", "0%", "150%", "-1", "2", "abc", "10 apples", ""]) {
    await t.step(`a share of ${JSON.stringify(share)} is refused by name`, async () => {
      const shown = encodeURIComponent(share);
      for (
        const response of [
          await call("PUT", `policy/canary?share=${shown}`, OTHER),
          await call("PATCH", "policy/canary", { share }),
        ]
      ) {
        const problem = await response.json();
        assertEquals([response.status, problem.field], [422, "share"], problem.detail);
      }
    });
  }

  await t.step("a body without a share is refused by name", async () => {
    for (const body of [{}, { share: null }, { share: 0.5, shrae: 0.5 }]) {
      assertEquals((await call("PATCH", "policy/canary", body)).status, 422);
    }
  });

  const document = JSON.parse(OTHER);
  const refused: [stage: string, status: number, text: string][] = [
    ["parse", 400, "{"],
    ["schema", 422, JSON.stringify({ ...document, active: 7 })],
    [
      "bind",
      422,
      JSON.stringify({ ...document, models: { ...document.models, small: "0".repeat(64) } }),
    ],
  ];
  for (const [stage, status, text] of refused) {
    await t.step(`a document that is refused at stage ${stage} changes nothing`, async () => {
      const response = await call("PUT", "policy/canary?share=90%25", text);
      const problem = await response.json();
      assertEquals([response.status, problem.stage], [status, stage], problem.detail);
    });
  }

  await t.step("after all of them the canary is the same", async () => {
    const response = await call("GET", "policy/canary");
    assertEquals(response.headers.get("sluice-policy"), canary);
    assertEquals(response.headers.get("sluice-canary-share"), "0.2");
    assertEquals(await response.text(), OTHER);
    assertEquals((await json("GET", "policy/versions")).versions.length, 1);
  });
});

Deno.test("canary: changes are off without a token", async () => {
  using app = await startTestApp({ workers: 1, shadow: 0 });
  const response = await app.request(CANARY, { method: "PUT", body: OTHER });
  assertEquals(response.status, 403);
  assertStringIncludes((await response.json()).detail, "SLUICE_ADMIN_TOKEN");
});
