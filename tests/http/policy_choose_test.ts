import { assertEquals } from "@std/assert";
import { startTestApp } from "../harness/app/app.ts";
import { postJson } from "../harness/http/requests.ts";
import { admin, INPUT, latestText, POLICY, put, stateOf } from "../harness/app/policy_calls.ts";
import { HAND_SET } from "../harness/generators/policy_documents.ts";

Deno.test("PATCH /v1/pairs/{pair}/policy chooses another operating point", async (t) => {
  using app = await startTestApp({ workers: 1, adminTokens: ["alpha"] });
  const text = ` ${JSON.stringify(HAND_SET, null, 3)}\r\n`;
  assertEquals((await put(app, text)).status, 200);
  const patch = (body: unknown, headers?: Record<string, string>) =>
    app.request(POLICY, admin("PATCH", JSON.stringify(body), headers));

  await t.step("and leaves the rest of the text as it is written", async () => {
    const response = await patch({ active: "p1" });
    const { version, changed, operating_point, certified } = await response.json();
    assertEquals([response.status, version, changed], [200, 3, true]);
    assertEquals([operating_point, certified], ["p1", true]);
    assertEquals(await latestText(app), text.replace('"active": "p2"', '"active": "p1"'));
    const { route } = await app.json("/v1/pairs/fashion-mnist/classify", postJson(INPUT));
    assertEquals([route.policy, route.operating_point], ["fashion-mnist@3", "p1"]);
  });

  await t.step("and certifies no more than is proved of it", async () => {
    assertEquals((await (await patch({ active: "p4" })).json()).certified, false);
    const { certified, active } = JSON.parse(await latestText(app));
    assertEquals([certified, active], [false, "p4"]);
  });

  await t.step("or a built-in policy", async () => {
    const { version, operating_point } = await (await patch({ active: "always:small" })).json();
    assertEquals([version, operating_point], [5, "always:small"]);
    const { route } = await app.json("/v1/pairs/fashion-mnist/classify", postJson(INPUT));
    assertEquals([route.policy, route.path], ["fashion-mnist@5", ["small"]]);
  });

  await t.step("and makes no version of the one that it is", async () => {
    const before = await stateOf(app);
    const response = await patch({ active: "always:small" });
    assertEquals([response.status, (await response.json()).changed], [200, false]);
    assertEquals(await stateOf(app), before);
  });

  const refused: [name: string, init: RequestInit, status: number, field?: string][] = [
    ["a point that there is not", admin("PATCH", '{"active": "p9"}'), 422, "active"],
    ["a point that is no text", admin("PATCH", '{"active": 3}'), 422, "active"],
    ["no point", admin("PATCH", "{}"), 422, "active"],
    ["another member", admin("PATCH", '{"active": "p1", "loss": "top1"}'), 422, "body"],
    ["a list", admin("PATCH", "[]"), 422, "body"],
    ["what is not JSON", admin("PATCH", "p1"), 400],
    ["nothing", admin("PATCH"), 400],
    ["a stale tag", admin("PATCH", '{"active": "p1"}', { "if-match": '"1-x"' }), 412],
    ["a body over the limit", admin("PATCH", " ".repeat(10 * 1024 * 1024 + 1)), 413],
  ];
  for (const [name, init, status, field] of refused) {
    await t.step(`and refuses ${name}`, async () => {
      const before = await stateOf(app);
      const response = await app.request(POLICY, init);
      const problem = await response.json();
      assertEquals([response.status, problem.field], [status, field], JSON.stringify(problem));
      assertEquals(await stateOf(app), before);
    });
  }

  await t.step("under the tag of the latest version", async () => {
    const etag = (await app.request(POLICY)).headers.get("etag") ?? "";
    assertEquals((await patch({ active: "p1" }, { "if-match": etag })).status, 200);
  });
});
