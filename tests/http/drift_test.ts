/** Traffic that no longer looks like the calibration examples, through the real app. */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { startTestApp } from "../harness/app/app.ts";
import { type Client, clientOf, readPictures, TOKEN } from "../harness/app/watch_client.ts";

const { inverted } = await readPictures();

/** Drift is looked for after 500 inputs. */
const LOOK = 500;

async function send({ classify }: Client, count: number) {
  for (let sent = 0; sent < count; sent++) {
    await classify(inverted[sent % inverted.length] as Uint8Array<ArrayBuffer>);
  }
}

Deno.test("drift", async (t) => {
  using app = await startTestApp({ workers: 1, adminTokens: [TOKEN] });
  const client = clientOf(app);
  const lines = (policy: string) => app.log.filter((line) => line.includes(` ${policy}: `));

  await t.step("nothing is said before there are 500 inputs", async () => {
    await send(client, LOOK - 1);
    const { drift, items } = await client.version("fashion-mnist@1");
    assertEquals([items, drift.drifted], [LOOK - 1, false]);
    assertEquals(drift.sentence, "nothing has moved by more than chance explains");
  });

  await t.step("then the log and the report say what moved, in a sentence", async () => {
    await send(client, 1);
    const { drift, exits } = await client.version("fashion-mnist@1");
    assertEquals(drift.drifted, true);
    const pattern = /^\w.* \d[\d.]*% of (requests|.*) instead of \d[\d.]*% on the trace$/;
    assertMatch(drift.sentence, pattern);
    assert(lines("fashion-mnist@1").some((line) => line.endsWith(drift.sentence)));
    const said = lines("fashion-mnist@1").join("\n");
    assertMatch(said, /(small|medium|large) answers \d/);
    assertMatch(said, /small is .* sure of/);
    assert(exits.small < 0.3, `${exits.small} of the inverted images, 74% of the trace`);
  });

  await t.step("and how many more go to the full model; neither changes what serves", async () => {
    const { full_share } = await client.version("fashion-mnist@1");
    assertEquals(full_share.alarm.fired, true);
    assert(full_share.rate > full_share.limit);
    assertMatch(lines("fashion-mnist@1").join("\n"), /alarm: .* the full model's share is/);
    assertEquals((await client.json("GET", "report")).serves.policy, "fashion-mnist@1");
  });

  await t.step(
    "a version of which the first network is another is not held to this one's",
    async () => {
      await client.json("PATCH", "policy", { active: "always:large" });
      await send(client, LOOK);
      const { items, drift } = await client.version("fashion-mnist@2");
      assertEquals([items, drift?.drifted ?? false], [LOOK, false], drift?.sentence);
    },
  );
});
