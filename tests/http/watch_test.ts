/** Alarm and fall-back on traffic that changes, through the real app. */
import { assert, assertEquals, assertMatch } from "@std/assert";
import type { Config } from "../../server/mod.ts";
import { startTestApp } from "../harness/app/app.ts";
import { type Client, clientOf, readPictures, TOKEN } from "../harness/app/watch_client.ts";
import { readPolicyText } from "../harness/files/live_policies.ts";
import { until } from "../harness/wait/until.ts";

const SETTINGS: Partial<Config> = { workers: 2, shadow: 0.99, adminTokens: [TOKEN] };
/**
 * Certified of p5 in place of 3%: the samples were picked for being easy and hard, so that p5 answers 7% of
 * them otherwise than the full model; of the inverted and of the blurred ones 30% and more.
 */
const BOUND = 0.15;
/** The alarm needs some 70 comparisons; with nothing between requests, one in seven is compared. */
const MOST_REQUESTS = 5000;

const { clean, inverted, blurred } = await readPictures();

async function sendAll({ classify }: Client, pictures: readonly Uint8Array<ArrayBuffer>[]) {
  for (const picture of pictures) await classify(picture);
}

/** Sends pictures until something is so; fails if it is not after many. */
async function sendUntil(
  client: Client,
  pictures: readonly Uint8Array<ArrayBuffer>[],
  isSo: () => Promise<boolean>,
): Promise<void> {
  for (let sent = 0; sent < MOST_REQUESTS; sent++) {
    if (await isSo()) return;
    await client.classify(pictures[sent % pictures.length] as Uint8Array<ArrayBuffer>);
  }
  throw new Error(`nothing after ${MOST_REQUESTS} requests`);
}

/** Name of the version that serves. */
async function serving({ json }: Client): Promise<string> {
  return (await json("GET", "report")).serves.policy;
}

Deno.test("an alarm has the full model serve until an operator says otherwise", async (t) => {
  using app = await startTestApp({ ...SETTINGS, onAlarm: "full" });
  const client = clientOf(app);
  const text = await readPolicyText({ bound: BOUND });
  assertEquals((await client.json("PUT", "policy", text)).policy, "fashion-mnist@2");

  await t.step("not on traffic that keeps the level", async () => {
    await sendUntil(client, clean, async () => {
      return (await client.version("fashion-mnist@2"))?.disagreement.n >= 60;
    });
    const { disagreement, shadow } = await client.version("fashion-mnist@2");
    assertEquals([disagreement.limit, disagreement.alarm], [BOUND, { fired: false, at: null }]);
    const { drawn, skipped, compared, missing } = shadow;
    assertEquals([missing, drawn], [0, skipped + compared]);
    assertEquals(await serving(client), "fashion-mnist@2");
  });

  await t.step("on inverted images", async () => {
    await sendUntil(client, inverted, async () => await serving(client) !== "fashion-mnist@2");
    const { versions: [latest] } = await client.json("GET", "policy/versions");
    assertEquals([latest.version, latest.change, latest.operating_point], [
      3,
      "fall_back",
      "always:large",
    ]);
    assertMatch(
      latest.from,
      /^alarm: fashion-mnist@2: disagreement is .*% of \d+ inputs .* 15.00%/,
    );
    const { disagreement: { alarm, n, rate, interval }, role } = await client.version(
      "fashion-mnist@2",
    );
    assertEquals([alarm.fired, role], [true, "former"]);
    assert(alarm.at > 0 && alarm.at <= n, `${alarm.at} of ${n}`);
    assert(interval[0] <= rate && rate <= interval[1]);
    const lines = app.log.filter((line) => line.includes("alarm: fashion-mnist@2: disagreement"));
    assertEquals(lines.length, 2, "the alarm, and what came of it");
  });

  await t.step("and stays, whatever comes", async () => {
    await sendAll(client, clean);
    const { route } = await client.classify(clean[0] as Uint8Array<ArrayBuffer>);
    assertEquals([route.path, route.policy], [["large"], "fashion-mnist@3"]);
  });

  await t.step("while the point that failed is tried in the background", async () => {
    const version = await until("the point is tried", async () => {
      const version = await client.version("fashion-mnist@3");
      return version.disagreement.n > 0 && version;
    });
    assertEquals([version.trial, version.exits], ["p5", { large: 1 }]);
    assert(version.shadow.cost > 0, "what is tried costs something");
    await sendUntil(client, inverted, async () => {
      return (await client.version("fashion-mnist@3")).disagreement.rate > 0;
    });
    assertEquals(await serving(client), "fashion-mnist@3");
  });

  await t.step("an operator's choice serves with a record of its own", async () => {
    const answer = await client.json("PATCH", "policy", { active: "p5" });
    assertEquals(answer.policy, "fashion-mnist@4");
    const { route } = await client.classify(clean[0] as Uint8Array<ArrayBuffer>);
    assertEquals([route.policy, route.operating_point], ["fashion-mnist@4", "p5"]);
    const { items, disagreement } = await client.version("fashion-mnist@4");
    assertEquals([items, disagreement.alarm.fired], [1, false]);
    assertEquals((await client.version("fashion-mnist@2")).disagreement.alarm.fired, true);
  });
});

Deno.test("an alarm brings back the last version that kept its level", async (t) => {
  using app = await startTestApp({ ...SETTINGS, onAlarm: "rollback" });
  const client = clientOf(app);
  const put = async (active: string, method: string) => {
    const text = await readPolicyText({ active, bound: BOUND, method });
    return (await client.json("PUT", "policy", text)).policy;
  };
  const latest = async () => (await client.json("GET", "policy/versions")).versions[0];

  await t.step("the full model where there is none", async () => {
    await sendUntil(client, inverted, async () => await serving(client) !== "fashion-mnist@1");
    const { version, change, operating_point, restores } = await latest();
    assertEquals([version, change, operating_point, restores], [
      2,
      "fall_back",
      "always:large",
      undefined,
    ]);
  });

  await t.step("else that version, not one that failed", async () => {
    assertEquals(await put("p2", "careful"), "fashion-mnist@3");
    assertEquals(await put("p6", "fast"), "fashion-mnist@4");
    await sendUntil(client, inverted, async () => await serving(client) !== "fashion-mnist@4");
    const { version, change, operating_point, restores } = await latest();
    assertEquals([version, change, operating_point, restores], [5, "fall_back", "p2", 3]);
    assertMatch(
      app.log.join("\n"),
      /serves fashion-mnist@5 \(p2\), fall_back to version 3 from alarm/,
    );
    assertEquals(await put("p8", "faster"), "fashion-mnist@6");
    await sendUntil(client, inverted, async () => await serving(client) !== "fashion-mnist@6");
    assertEquals((await latest()).restores, 5);
  });

  await t.step("a canary that fails is dropped, and the policy goes on", async () => {
    const text = await readPolicyText({ active: "p7", bound: BOUND, method: "canary" });
    const { canary } = await client.json("PUT", "policy/canary?share=1", text);
    await sendUntil(client, inverted, async () => {
      return (await client.json("GET", "report")).canary === null;
    });
    assertEquals(await serving(client), "fashion-mnist@7");
    assertEquals((await client.version(canary)).disagreement.alarm.fired, true);
    assertMatch(app.log.join("\n"), new RegExp(`${canary} was dropped, from alarm: ${canary}`));
  });
});

Deno.test("an alarm that only warns says so once; what each version did stays with it", async () => {
  using app = await startTestApp({ ...SETTINGS, onAlarm: "warn" });
  const client = clientOf(app);
  await client.json("PUT", "policy", await readPolicyText({ bound: BOUND }));
  await sendUntil(client, blurred, async () => {
    return (await client.version("fashion-mnist@2"))?.disagreement.alarm.fired ?? false;
  });
  await sendAll(client, blurred);
  assertEquals(await serving(client), "fashion-mnist@2");
  const alarms = app.log.filter((line) => /alarm: .*disagreement/.test(line));
  assertEquals(alarms.length, 1, alarms.join("\n"));
  assertEquals((await client.json("GET", "policy/versions")).versions.length, 2);

  const before = await client.version("fashion-mnist@2");
  await client.json("PATCH", "policy", { active: "p4" });
  await sendAll(client, clean);
  const after = await client.version("fashion-mnist@2");
  assertEquals([after.items, after.exits, after.disagreement.alarm], [
    before.items,
    before.exits,
    before.disagreement.alarm,
  ]);
  assertEquals((await client.version("fashion-mnist@3")).items, clean.length);
});
