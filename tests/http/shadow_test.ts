/** When answers are compared with the full model's in the background, and when not. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { Config } from "../../server/mod.ts";
import { startTestApp } from "../harness/app/app.ts";
import { type Client, clientOf, readPictures } from "../harness/app/watch_client.ts";
import { until } from "../harness/wait/until.ts";
import { postImage } from "../harness/http/requests.ts";

/** All, where the settings allow less, so that nothing is left to chance. */
const SETTINGS: Partial<Config> = { shadow: 1 };
const V1 = "fashion-mnist@1";

const { clean } = await readPictures();
const first = clean[0] as Uint8Array<ArrayBuffer>;

/** Asks on several connections at the same time; gives how many requests there were. */
async function overload({ classify }: Client, connections: number, rounds: number) {
  await Promise.all(Array.from({ length: connections }, async () => {
    for (let round = 0; round < rounds; round++) {
      await classify(clean[round % clean.length] as Uint8Array<ArrayBuffer>);
    }
  }));
  return connections * rounds;
}

Deno.test("with one worker nothing is compared, and the report says why", async () => {
  using app = await startTestApp({ ...SETTINGS, workers: 1 });
  const client = clientOf(app);
  for (const picture of clean) await client.classify(picture);
  const { shadow } = await client.json("GET", "report");
  assertEquals([shadow.share, shadow.on], [1, false]);
  assertStringIncludes(shadow.reason, "SLUICE_SHADOW_SPARE=0");
  const version = await client.version(V1);
  assertEquals(version.shadow, { drawn: 0, skipped: 0, compared: 0, missing: 0, cost: 0 });
  assertEquals([version.items, version.disagreement.n], [60, 0]);
});

Deno.test("with one worker answers are compared where that is forced", async () => {
  using app = await startTestApp({ ...SETTINGS, workers: 1, shadowSpare: 0 });
  const client = clientOf(app);
  assertEquals((await client.json("GET", "report")).shadow, { share: 1, on: true });
  const { disagreement } = await until("one is compared", async () => {
    await client.classify(first);
    const version = await client.version(V1);
    return version.disagreement.n > 0 && version;
  });
  assertEquals(disagreement.rate, 0);
});

Deno.test("with two workers answers are compared when one is idle, and not under load", async (t) => {
  using app = await startTestApp({ ...SETTINGS, workers: 2 });
  const client = clientOf(app);
  /** Once it is known of all inputs what became of them. */
  const counts = () =>
    until("all are known", async () => {
      const { items, shadow } = await client.version(V1);
      return shadow.drawn === items && shadow;
    });

  await t.step("each while there is room", async () => {
    for (const picture of clean.slice(0, 20)) {
      await client.classify(picture);
      await counts();
    }
    const { cost, ...others } = await counts();
    assertEquals(others, { drawn: 20, skipped: 0, compared: 20, missing: 0 });
    assert(cost > 0);
  });

  await t.step("none while no worker is idle: every request is answered", async () => {
    const sent = await overload(client, 16, 25);
    const { drawn, skipped, compared, missing } = await counts();
    assertEquals([drawn, missing, compared], [20 + sent, 0, drawn - skipped]);
    // The first ones find idle workers, and so may the last.
    assert(skipped >= sent - 20, `${skipped} of ${sent} skipped`);
  });

  await t.step("again when the load is over", async () => {
    const before = await counts();
    await client.classify(first);
    const after = await counts();
    assertEquals(after.compared, before.compared + 1);
  });

  await t.step("never for a request that chooses its policy or point", async () => {
    const { drawn } = await counts();
    const { items } = await client.version(V1);
    await client.classify(first, { "sluice-operating-point": "p8" });
    const always = "/v1/pairs/fashion-mnist/classify?policy=always:small";
    await app.json(always, postImage(first));
    assertEquals((await counts()).drawn, drawn);
    assertEquals((await client.version(V1)).items, items);
  });
});
