/** A second document answers a share of the requests, through the real app. */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { startTestApp } from "../harness/app/app.ts";
import { type Client, clientOf, readPictures, TOKEN } from "../harness/app/watch_client.ts";
import { readPolicyText } from "../harness/files/live_policies.ts";
import { postJson } from "../harness/http/requests.ts";

const { clean: [picture] } = await readPictures();
assert(picture);

const SETTINGS = { workers: 1, shadow: 0, adminTokens: [TOKEN] };
const OTHER = await readPolicyText({ active: "p8", method: "canary" });
const NAME = /^fashion-mnist@canary-[0-9a-f]{8}$/;

/** Names of the policies that answer requests with the given keys. */
async function namesOf({ classify }: Client, keys: readonly string[]): Promise<string[]> {
  const names: string[] = [];
  for (const key of keys) {
    names.push((await classify(picture!, { "sluice-key": key })).route.policy);
  }
  return names;
}

Deno.test("canary", async (t) => {
  using app = await startTestApp(SETTINGS);
  const client = clientOf(app);

  await t.step("PUT has a document answer 10% of the requests unless told otherwise", async () => {
    const answer = await client.json("PUT", "policy/canary", OTHER);
    assertMatch(answer.canary, NAME);
    assertEquals([answer.pair, answer.share, answer.operating_point], ["fashion-mnist", 0.1, "p8"]);
    assertEquals(answer.dry_run.points.length, 8);

    const response = await client.call("GET", "policy/canary");
    assertEquals(await response.text(), OTHER, "byte for byte");
    assertEquals(response.headers.get("sluice-policy"), answer.canary);
    assertEquals(response.headers.get("sluice-canary-share"), "0.1");

    const report = await client.json("GET", "report");
    assertEquals(report.canary, { policy: answer.canary, share: 0.1 });
    assertEquals(report.serves.policy, "fashion-mnist@1");
    assertMatch(
      app.log.join("\n"),
      /fashion-mnist@canary-\w+ answers 10% of the requests, from REST/,
    );
  });

  await t.step(
    "a canary answers its share: the same keys every time, and more of them as it grows",
    async () => {
      const { canary } = await client.json("PUT", "policy/canary?share=25%25", OTHER);
      const keys = Array.from({ length: 60 }, (_, index) => `customer ${index}`);
      const names = await namesOf(client, keys);
      const chosen = keys.filter((_, index) => names[index] === canary);
      // Sixty keys are always these; that their share is right, 10,000 tell in live_policy_canary_test.ts.
      assert(chosen.length > 0 && chosen.length < keys.length, `${chosen.length}`);
      assertEquals(new Set(names), new Set(["fashion-mnist@1", canary]));
      assertEquals(await namesOf(client, keys), names);

      assertEquals((await client.json("PATCH", "policy/canary", { share: "70%" })).share, 0.7);
      const grown = await namesOf(client, chosen);
      assertEquals(new Set(grown), new Set([canary]));

      assertEquals((await client.json("PATCH", "policy/canary", { share: 1 })).share, 1);
      assertEquals(new Set(await namesOf(client, keys)), new Set([canary]));
    },
  );

  await t.step(
    "an answer of the canary names it, in the body and in the headers, and of both interfaces",
    async () => {
      const { canary } = await client.json("PUT", "policy/canary?share=1", OTHER);
      const { route } = await client.classify(picture);
      assertEquals([route.policy, route.operating_point], [canary, "p8"]);
      const data = Array(784).fill(0);
      const input = { name: "image", datatype: "FP32", shape: [1, 1, 28, 28], data };
      const init = postJson({ inputs: [input] });
      const response = await app.request("/v2/models/fashion-mnist/infer", init);
      assertEquals(response.headers.get("sluice-policy"), canary);
      assertEquals(response.headers.get("sluice-operating-point"), "p8");
      assertEquals((await response.json()).parameters.policy, canary);
    },
  );

  await t.step("the report shows policy and canary side by side, with exits and cost", async () => {
    // A version that has answered nothing yet.
    await client.call("PATCH", "policy", { active: "p3" });
    const { canary } = await client.json("PUT", "policy/canary?share=50%25", OTHER);
    const keys = Array.from({ length: 40 }, (_, index) => `${index}`);
    const names = await namesOf(client, keys);
    const report = await client.json("GET", "report");
    const versions = report.versions.filter(({ role }: { role: string }) => role !== "former");
    assertEquals(versions.length, 2);
    for (const { policy, role, items, exits, cost, full_cost } of versions) {
      assertEquals(role, policy === canary ? "canary" : "active");
      assertEquals(items, names.filter((name) => name === policy).length);
      const shares: number[] = Object.values(exits);
      assertEquals(shares.reduce((sum, share) => sum + share), 1);
      assert(cost > 0 && full_cost > 0);
    }
    const points = versions.map((version: { operating_point: string }) => version.operating_point);
    assertEquals(points.toSorted(), ["p3", "p8"]);
  });

  await t.step("a promoted canary is the next version and takes its record along", async () => {
    const { canary } = await client.json("PUT", "policy/canary?share=1", OTHER);
    for (let turn = 0; turn < 3; turn++) await client.classify(picture);
    const promoted = await client.json("POST", "policy/canary/promote");
    assertEquals([promoted.policy, promoted.changed], ["fashion-mnist@3", true]);
    assertEquals((await client.call("GET", "policy/canary")).status, 404);
    assertEquals(await (await client.call("GET", "policy")).text(), OTHER);
    const { versions: [latest] } = await client.json("GET", "policy/versions");
    assertEquals([latest.version, latest.change, latest.operating_point], [3, "promote", "p8"]);
    assertEquals((await client.classify(picture)).route.policy, "fashion-mnist@3");
    const report = await client.json("GET", "report");
    assertEquals([report.canary, report.serves.policy], [null, "fashion-mnist@3"]);
    assertEquals((await client.version("fashion-mnist@3")).items, 4);
    assertEquals((await client.version("fashion-mnist@3")).role, "active");
    assertEquals(await client.version(canary), undefined);
  });

  await t.step(
    "a canary goes on when the policy is swapped, and goes when it is dropped",
    async () => {
      const { canary } = await client.json("PUT", "policy/canary?share=50%25", OTHER);
      const keys = Array.from({ length: 20 }, (_, index) => `${index}`);
      const before = await namesOf(client, keys);
      assertEquals((await client.call("PATCH", "policy", { active: "p3" })).status, 200);
      const after = await namesOf(client, keys);
      assertEquals(
        after,
        before.map((name) => name === canary ? canary : "fashion-mnist@4"),
      );
      assert(after.includes(canary));
      assertEquals(
        (await client.version(canary)).items,
        2 * before.filter((n) => n === canary).length,
      );

      assertEquals((await client.call("DELETE", "policy/canary")).status, 204);
      assertEquals(new Set(await namesOf(client, keys)), new Set(["fashion-mnist@4"]));
      assertEquals((await client.version(canary)).role, "former");
      assertMatch(app.log.join("\n"), new RegExp(`${canary} was dropped, from REST`));
    },
  );
});
