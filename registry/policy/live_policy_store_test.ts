import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { PolicyConflictError, type Seed } from "../../policies/stores/mod.ts";
import {
  foreignText,
  REFUSED,
  startLivePolicy,
  textOf,
} from "../../tests/harness/app/live_policy.ts";
import { putElsewhere, storeOf } from "../../tests/harness/fakes/fake_store.ts";
import { settle } from "../../tests/harness/wait/settle.ts";

const FROM = { from: "a test" };

Deno.test("LivePolicy starts with the latest version of the store", async () => {
  using started = await startLivePolicy({ store: await storeOf([textOf("one"), textOf("two")]) });
  const { live, log } = started;
  assertEquals([live.snapshot.name, live.snapshot.rejected], ["test@2", undefined]);
  assertEquals(log, ["pair test: serves test@2 (accurate), put from elsewhere"]);
});

Deno.test("LivePolicy serves what another instance has put", async () => {
  using started = await startLivePolicy({ store: await storeOf([textOf("one")]) });
  const { live, store, log } = started;
  await putElsewhere(store, textOf("two"), 1);
  await settle();
  assertEquals(live.snapshot.name, "test@2");
  assertEquals(log.at(-1), "pair test: serves test@2 (accurate), put from elsewhere");
  assertEquals((await live.replace(textOf("three"), FROM)).stored.version, 3);
});

Deno.test("LivePolicy asks the store before it answers, told or not", async () => {
  const store = await storeOf([textOf("one")]);
  store.watch = () => {};
  using started = await startLivePolicy({ store });
  const { live } = started;
  await putElsewhere(store, textOf("two"), 1);
  assertEquals([(await live.latest()).version, live.snapshot.name], [2, "test@2"]);
  await putElsewhere(store, textOf("three"), 2);
  const { stored } = await live.replace(textOf("four"), FROM);
  assertEquals([stored.version, live.snapshot.name], [4, "test@4"]);
  await putElsewhere(store, textOf("five"), 4);
  assertEquals((await live.choose("fast", FROM)).stored.version, 6);
  await putElsewhere(store, textOf("seven"), 6);
  const back = await live.rollback(undefined, FROM);
  assertEquals([back.stored.version, back.stored.restores], [8, 6]);
});

Deno.test("a change comes after a document that lies there and that nobody has told of", async () => {
  const store = await storeOf([textOf("one")]);
  store.watch = () => {};
  using started = await startLivePolicy({ store });
  const { live } = started;
  store.lay(textOf("two"));
  const { stored } = await live.replace(textOf("three"), FROM);
  assertEquals([stored.version, live.snapshot.name], [3, "test@3"]);
  assertEquals((await live.versions()).map(({ change }) => change), ["put", "edit", "put"]);
  store.lay(REFUSED.bind);
  await live.latest();
  assert(live.snapshot.rejected);
  store.lay(textOf("four"));
  await live.latest();
  assertEquals([live.snapshot.name, live.snapshot.rejected], ["test@4", undefined]);
});

Deno.test("LivePolicy refuses what another instance has put for other weights, until it fits", async () => {
  using started = await startLivePolicy({ store: await storeOf([textOf("one")]) });
  const { live, store, log } = started;
  await putElsewhere(store, foreignText("two"), 1);
  await settle();
  assertEquals(live.snapshot.name, "test@1");
  const { rejected = "" } = live.snapshot;
  assertMatch(rejected, /^version 2: Cannot use policy: bind failed at \/models\/small: /);
  assertEquals(log.slice(1), [`pair test: ${rejected}; serving test@1`]);
  assertEquals((await live.latest()).version, 2);

  await putElsewhere(store, textOf("three"), 2);
  await settle();
  assertEquals([live.snapshot.name, live.snapshot.rejected], ["test@3", undefined]);
});

Deno.test("LivePolicy serves a version again that an operator puts in the place of a refused one", async () => {
  using started = await startLivePolicy({
    store: await storeOf([textOf("one"), foreignText("two")]),
  });
  const { live } = started;
  assertEquals(live.snapshot.name, "always:large");
  const { stored } = await live.replace(textOf("three"), FROM);
  assertEquals([stored.version, live.snapshot.rejected], [3, undefined]);
});

Deno.test("LivePolicy takes a good document after a refused one, and says nothing more of that", async () => {
  using started = await startLivePolicy({ store: await storeOf([textOf("one")], REFUSED.schema) });
  const { live, store } = started;
  assertEquals([live.snapshot.name, live.snapshot.rejected !== undefined], ["test@1", true]);
  store.lay(textOf("two"));
  await settle();
  assertEquals([live.snapshot.name, live.snapshot.rejected], ["test@2", undefined]);
  store.lay(REFUSED.parse);
  await settle();
  assertEquals([live.snapshot.name, live.snapshot.rejected !== undefined], ["test@2", true]);
  store.lay(textOf("two"));
  await settle();
  assertEquals([live.snapshot.name, live.snapshot.rejected], ["test@2", undefined]);
});

for (
  const [what, versions, laid] of [
    ["a document", [textOf("one")], REFUSED.dry_run],
    ["a version", [textOf("one"), REFUSED.dry_run], undefined],
    ["a version and a document", [foreignText("one")], REFUSED.dry_run],
  ] as const
) {
  Deno.test(`LivePolicy tells once of ${what} that it refuses`, async () => {
    using started = await startLivePolicy({ store: await storeOf(versions, laid) });
    const { live, log, fake } = started;
    const told = [...log];
    const { rejected } = live.snapshot;
    assert(rejected);
    const dryRuns = () => fake.workers[0]?.log.filter((call) => call.startsWith("try")).length;
    const tried = dryRuns();
    for (let turn = 0; turn < 3; turn++) await live.latest();
    assertEquals([log, live.snapshot.rejected, dryRuns()], [told, rejected, tried]);
  });
}

Deno.test("LivePolicy says of what lies there now why it is refused", async () => {
  const [one, two] = [foreignText("one"), REFUSED.parse];
  using started = await startLivePolicy({ store: await storeOf([], one) });
  const { live, store } = started;
  const reasons: (string | undefined)[] = [live.snapshot.rejected];
  for (const text of [two, one]) {
    store.lay(text);
    await settle();
    reasons.push(live.snapshot.rejected);
  }
  assertEquals(reasons[2], reasons[0]);
  assertMatch(reasons[0] ?? "", /bind failed/);
  assertMatch(reasons[1] ?? "", /parse failed/);
});

const seed: Seed = (pair) => Promise.resolve({ text: textOf("shipped"), from: `${pair}.json` });

Deno.test("LivePolicy takes what ships where the latest version is for other weights", async () => {
  using started = await startLivePolicy({ store: await storeOf([foreignText("one")]), seed });
  const { live } = started;
  assertEquals([live.snapshot.name, live.snapshot.rejected], ["test@2", undefined]);
  assertEquals(live.snapshot.document?.provenance.note, "shipped");
  const { change, from } = await live.latest();
  assertEquals([change, from], ["edit", "test.json"]);
});

Deno.test("LivePolicy leaves what ships alone where a version serves", async () => {
  using fit = await startLivePolicy({ store: await storeOf([textOf("one")]), seed });
  assertEquals(fit.live.snapshot.name, "test@1");
  await putElsewhere(fit.store, foreignText("two"), 1);
  await settle();
  assertEquals([fit.live.snapshot.name, (await fit.live.versions()).length], ["test@1", 2]);
});

Deno.test("LivePolicy serves always:<full> where neither the latest nor what ships fits", async () => {
  const unfit: Seed = () => Promise.resolve({ text: foreignText("shipped"), from: "test.json" });
  using started = await startLivePolicy({
    store: await storeOf([foreignText("one")]),
    seed: unfit,
  });
  const { live, log } = started;
  assertEquals([live.snapshot.name, (await live.versions()).length], ["always:large", 1]);
  assert(live.snapshot.rejected);
  const told = log.length;
  await live.latest();
  assertEquals(log.length, told);
});

Deno.test("LivePolicy takes the version of an instance that was faster", async () => {
  const store = await storeOf([], textOf("mine"));
  const put = store.put;
  let conflicts = 0;
  store.put = async (...args) => {
    store.put = put;
    await putElsewhere(store, textOf("theirs"), 0);
    conflicts++;
    return await put.apply(store, args);
  };
  using started = await startLivePolicy({ store });
  const { live } = started;
  assertEquals([conflicts, live.snapshot.name], [1, "test@1"]);
  assertEquals(live.snapshot.document?.provenance.note, "theirs");
  assertEquals((await live.versions()).length, 1);
});

Deno.test("replace() fails where another instance was faster, whose version serves then", async () => {
  const store = await storeOf([textOf("one")]);
  using started = await startLivePolicy({ store });
  const { live } = started;
  const put = store.put;
  store.put = async (...args) => {
    store.put = put;
    await putElsewhere(store, textOf("theirs"), 1);
    return await put.apply(store, args);
  };
  const error = await assertRejects(() => live.replace(textOf("mine"), FROM), PolicyConflictError);
  assertEquals(error.version, 2);
  await settle();
  assertEquals([live.snapshot.name, (await live.latest()).text], ["test@2", textOf("theirs")]);
});
