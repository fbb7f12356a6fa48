/** Two servers on one folder of policies. */
import { assert, assertEquals } from "@std/assert";
import { startTestApp } from "../harness/app/app.ts";
import { makeFolder } from "../harness/files/folders.ts";
import { clientOf, readPictures, TOKEN } from "../harness/app/watch_client.ts";
import { readPolicyText } from "../harness/files/live_policies.ts";
import { until } from "../harness/wait/until.ts";

const { clean: [picture] } = await readPictures();
const OTHER = await readPolicyText({ active: "p8", method: "canary" });

Deno.test("a canary of one server is that of every server on the same folder", async () => {
  await using folder = await makeFolder({ "fashion-mnist.json": await readPolicyText() });
  const settings = { workers: 1, shadow: 0, adminTokens: [TOKEN], store: "files" } as const;
  using one = await startTestApp(settings, { policies: folder.url });
  using two = await startTestApp(settings, { policies: folder.url });
  const clients = [clientOf(one), clientOf(two)] as const;
  const namesFor = (key: string) =>
    Promise.all(clients.map(async ({ classify }) => {
      assert(picture);
      return (await classify(picture, { "sluice-key": key })).route.policy;
    }));

  const { canary } = await clients[0].json("PUT", "policy/canary?share=50%25", OTHER);
  await until("the other serves the canary", async () => {
    return (await clients[1].json("GET", "report")).canary?.policy === canary;
  });
  const seen = new Set<string>();
  for (let key = 0; key < 20; key++) {
    const [first, second] = await namesFor(`${key}`);
    assertEquals(first, second);
    seen.add(first);
  }
  assertEquals(seen, new Set(["fashion-mnist@1", canary]));

  // Whoever is asked: the other follows, and both take the record along.
  assertEquals((await clients[1].json("POST", "policy/canary/promote")).policy, "fashion-mnist@2");
  await until("the first follows", async () => {
    return (await clients[0].json("GET", "report")).serves.policy === "fashion-mnist@2";
  });
  assertEquals(await namesFor("0"), ["fashion-mnist@2", "fashion-mnist@2"]);
  for (const { json, version } of clients) {
    assertEquals((await json("GET", "report")).canary, null);
    assert((await version("fashion-mnist@2")).items > 1);
    assertEquals(await version(canary), undefined);
  }
});
