import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { PolicyError } from "../../policies/mod.ts";
import { KEPT_VERSIONS, sha256 } from "../../policies/stores/mod.ts";
import { InvalidInputError, NoPolicyError } from "../base/errors.ts";
import { REFUSED, startLivePolicy, textOf } from "../../tests/harness/app/live_policy.ts";
import { storeOf } from "../../tests/harness/fakes/fake_store.ts";

const FROM = { from: "a test" };

Deno.test("LivePolicy makes a document that lies in the store version 1", async () => {
  const text = ` ${textOf("first")}\n`;
  using started = await startLivePolicy({ store: await storeOf([], text) });
  const { live, log } = started;
  const { name, operatingPoint, choice, rejected } = live.snapshot;
  assertEquals([name, operatingPoint, rejected], ["test@1", "accurate", undefined]);
  assertEquals(choice, { id: "test@1#0", point: "accurate" });
  const stored = await live.latest();
  assertEquals([stored.text, stored.change, stored.from], [text, "edit", "the folder"]);
  assertEquals([stored.operating_point, stored.sha256], ["accurate", sha256(text)]);
  assertEquals(log, ["pair test: serves test@1 (accurate), edit from the folder"]);
});

Deno.test("LivePolicy serves always:<full> where there is no document", async () => {
  using started = await startLivePolicy();
  const { live, log } = started;
  const expected = { name: "always:large", operatingPoint: null, choice: { always: "large" } };
  assertEquals([live.snapshot, log], [expected, []]);
  const message = "Cannot find a policy of test: no document is stored, always:large serves";
  await assertRejects(() => live.latest(), NoPolicyError, message);
  await assertRejects(() => live.choose("fast", FROM), NoPolicyError);
  await assertRejects(() => live.rollback(undefined, FROM), NoPolicyError);
  assertEquals(await live.versions(), []);
});

for (const [stage, text] of Object.entries(REFUSED)) {
  Deno.test(`LivePolicy serves always:<full> where a document fails at ${stage}, and says so`, async () => {
    using started = await startLivePolicy({ store: await storeOf([], text) });
    const { live, log } = started;
    const { name, rejected = "" } = live.snapshot;
    assertEquals(name, "always:large");
    assertMatch(rejected, RegExp(`^Cannot use policy: ${stage} failed.* \\(the folder\\)$`));
    assertEquals(log, [`pair test: ${rejected}; serving always:large`]);
    assertEquals(await live.versions(), []);
  });

  Deno.test(`LivePolicy goes on with the latest version where a document fails at ${stage}`, async () => {
    const store = await storeOf([textOf("good")], text);
    using started = await startLivePolicy({ store });
    const { live } = started;
    assertEquals(live.snapshot.name, "test@1");
    assertMatch(live.snapshot.rejected ?? "", RegExp(`${stage} failed`));
    assertEquals((await live.latest()).text, textOf("good"));
  });

  Deno.test(`replace() and validate() refuse what fails at ${stage}; nothing changes`, async () => {
    using started = await startLivePolicy({ store: await storeOf([], textOf("good")) });
    const { live, log } = started;
    const before = [await live.latest(), await live.versions(), live.snapshot, [...log]];
    for (const change of [() => live.replace(text, FROM), () => live.validate(text)]) {
      assertEquals((await assertRejects(change, PolicyError)).stage, stage);
    }
    assertEquals([await live.latest(), await live.versions(), live.snapshot, [...log]], before);
  });
}

Deno.test("replace() makes the next version, serves it and tells what it does", async () => {
  using started = await startLivePolicy({ store: await storeOf([], textOf("one")) });
  const { live, log } = started;
  const { stored, isNew, dryRun } = await live.replace(textOf("two"), FROM);
  assertEquals([stored.version, stored.change, stored.from, isNew], [2, "put", "a test", true]);
  assertEquals(dryRun, await live.validate(textOf("two")));
  assertEquals([dryRun.operatingPoint, dryRun.n], ["accurate", 2]);
  assertEquals(dryRun.points[0], { id: "fast", paths: { small: 1 }, cost: 1 });
  assertEquals(live.snapshot.name, "test@2");
  assertEquals(live.snapshot.document?.provenance.note, "two");
  assertEquals(log.at(-1), "pair test: serves test@2 (accurate), put from a test");
});

Deno.test("replace() makes no version of the document that is the latest already", async () => {
  using started = await startLivePolicy({ store: await storeOf([], textOf("one")) });
  const { live, log } = started;
  const { stored, isNew, dryRun } = await live.replace(textOf("one"), FROM);
  assertEquals([stored.version, isNew, dryRun.n], [1, false, 2]);
  assertEquals([(await live.versions()).length, log.length], [1, 1]);
});

Deno.test("every change asks whether the latest version is the one that the caller knows", async () => {
  using started = await startLivePolicy({ store: await storeOf([], textOf("one")) });
  const { live } = started;
  const seen: (number | undefined)[] = [];
  const check = (head?: { version: number }) => {
    seen.push(head?.version);
    throw new RangeError("stale");
  };
  const options = { ...FROM, check };
  await assertRejects(() => live.replace(textOf("two"), options), RangeError, "stale");
  await assertRejects(() => live.replace(REFUSED.parse, options), RangeError, "stale");
  await assertRejects(() => live.choose("fast", options), RangeError, "stale");
  await assertRejects(() => live.rollback(1, options), RangeError, "stale");
  assertEquals([seen, (await live.latest()).version], [[1, 1, 1, 1], 1]);
});

Deno.test("choose() serves another point of the same text as a new version", async () => {
  const text = JSON.stringify(JSON.parse(textOf("one")), null, 3);
  using started = await startLivePolicy({ store: await storeOf([], text) });
  const { live, log } = started;
  const { stored, isNew } = await live.choose("fast", FROM);
  assertEquals([stored.version, stored.change, isNew], [2, "choose", true]);
  assertEquals(stored.text, text.replace('"active": "accurate"', '"active": "fast"'));
  assertEquals(live.snapshot.choice, { id: "test@2#1", point: "fast" });
  assertEquals(log.at(-1), "pair test: serves test@2 (fast), choose from a test");
  assertEquals((await live.choose("fast", FROM)).isNew, false);
  await live.choose("always:medium", FROM);
  assertEquals(live.snapshot.choice, { always: "medium" });
});

Deno.test("choose() makes no version of the active point, however it is written", async () => {
  const text = textOf("one").replace('":"accurate","p', String.raw`":"\u0061ccurate","p`);
  assert(text.includes(String.raw`"active":"\u0061ccurate"`));
  using started = await startLivePolicy({ store: await storeOf([], text) });
  assertEquals((await started.live.choose("accurate", FROM)).stored.text, text);
});

Deno.test("choose() refuses a point that there is not, and lists what there is", async () => {
  using started = await startLivePolicy({ store: await storeOf([], textOf("one")) });
  const { live } = started;
  for (const active of ["faster", "", "always:", "always:tiny"]) {
    const error = await assertRejects(() => live.choose(active, FROM), InvalidInputError);
    assertEquals(
      error.message,
      `active: there is no operating point ${JSON.stringify(active)}, expected one of fast, ` +
        "accurate, always:small, always:medium, always:large",
    );
  }
  assertEquals((await live.latest()).version, 1);
});

Deno.test("rollback() brings the version before back, or a given one, as a new version", async () => {
  using started = await startLivePolicy({ store: await storeOf([], textOf("one")) });
  const { live, log } = started;
  await live.replace(textOf("two"), FROM);
  const back = await live.rollback(undefined, FROM);
  assertEquals([back.stored.version, back.stored.change, back.stored.restores], [3, "rollback", 1]);
  assertEquals((await live.latest()).text, textOf("one"));
  assertEquals(
    log.at(-1),
    "pair test: serves test@3 (accurate), rollback to version 1 from a test",
  );
  assertEquals((await live.rollback(2, FROM)).stored.text, textOf("two"));
  assertEquals((await live.rollback(4, FROM)).isNew, false);
  assertEquals((await live.versions()).map(({ restores }) => restores), [
    2,
    1,
    undefined,
    undefined,
  ]);
});

Deno.test("rollback() refuses a version that is not kept, and lists those that are", async () => {
  using started = await startLivePolicy({ store: await storeOf([], textOf("0")) });
  const { live } = started;
  const first = await assertRejects(() => live.rollback(undefined, FROM), InvalidInputError);
  assertEquals(first.message, "version: is nothing, expected one of 1");
  for (let turn = 1; turn <= KEPT_VERSIONS; turn++) await live.replace(textOf(`${turn}`), FROM);
  for (const version of [1, 0, 12, 1.5]) {
    const error = await assertRejects(() => live.rollback(version, FROM), InvalidInputError);
    const expected = "expected one of 11, 10, 9, 8, 7, 6, 5, 4, 3, 2";
    assertEquals(error.message, `version: is ${version}, ${expected}`);
  }
  assertEquals((await live.rollback(2, FROM)).stored.text, textOf("1"));
});

Deno.test("many changes at once are applied in order", async () => {
  using started = await startLivePolicy({ store: await storeOf([], textOf("0")) });
  const { live } = started;
  const notes = Array.from({ length: 20 }, (_, index) => `${index + 1}`);
  const changes = await Promise.all(notes.map((note) => live.replace(textOf(note), FROM)));
  assertEquals(changes.map(({ stored }) => stored.version), notes.map((note) => Number(note) + 1));
  for (const { stored } of changes.slice(-9)) {
    assertEquals(await live.text(stored.version), textOf(`${stored.version - 1}`));
  }
  assertEquals([live.snapshot.name, live.snapshot.document?.provenance.note], ["test@21", "20"]);
});

Deno.test("of many changes that know the same version one is made", async () => {
  using started = await startLivePolicy({ store: await storeOf([], textOf("0")) });
  const { live } = started;
  const check = (head?: { version: number }) => {
    if (head?.version !== 1) throw new RangeError("stale");
  };
  const answers = await Promise.allSettled(
    ["1", "2", "3"].map((note) => live.replace(textOf(note), { ...FROM, check })),
  );
  assertEquals(answers.map(({ status }) => status), ["fulfilled", "rejected", "rejected"]);
  assertEquals(live.snapshot.document?.provenance.note, "1");
});

Deno.test("a snapshot stays what it is when another policy serves", async () => {
  using started = await startLivePolicy({ store: await storeOf([], textOf("one")) });
  const { live } = started;
  const before = live.snapshot;
  const copy = structuredClone(before);
  await live.replace(textOf("two"), FROM);
  assertEquals(before, copy);
  assert(live.snapshot.id !== before.id);
});
