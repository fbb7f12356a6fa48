import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { assertSpyCallArgs, assertSpyCalls, spy } from "@std/testing/mock";
import { FakeTime } from "@std/testing/time";
import { PolicyStoreError, sha256 } from "../../policies/stores/mod.ts";
import { InvalidInputError } from "../base/errors.ts";
import { REFUSED, startLivePolicy, textOf } from "../../tests/harness/app/live_policy.ts";
import { FakeStore, putElsewhere, storeOf } from "../../tests/harness/fakes/fake_store.ts";
import { settle } from "../../tests/harness/wait/settle.ts";

const FROM = { from: "a test" };
const READ_ONLY = new PolicyStoreError("Cannot write to the folder: it is read-only");

/** A store that cannot be written, in which a document lies. */
async function readOnly(text: string, versions: readonly string[] = []): Promise<FakeStore> {
  const store = await storeOf(versions, text);
  store.unwritable = READ_ONLY;
  return store;
}

Deno.test("LivePolicy serves what lies in a store that cannot be written, and says so", async () => {
  using started = await startLivePolicy({ store: await readOnly(textOf("one")) });
  const { live, log } = started;
  assertEquals([live.snapshot.name, live.snapshot.rejected], ["test@1", undefined]);
  const { version, sha256: hash, text } = await live.latest();
  assertEquals([version, hash, text], [1, sha256(textOf("one")), textOf("one")]);
  assertEquals(log, [
    `pair test: ${READ_ONLY.message}; the policy serves, but no versions are kept`,
    "pair test: serves test@1 (accurate), edit from the folder",
  ]);
});

Deno.test("LivePolicy counts on where the store cannot be written", async () => {
  using started = await startLivePolicy({
    store: await readOnly(textOf("three"), ["one", "two"].map((note) => textOf(note))),
  });
  const { live, store } = started;
  assertEquals(live.snapshot.name, "test@3");
  store.lay(textOf("four"));
  await settle();
  assertEquals([live.snapshot.name, live.snapshot.rejected], ["test@4", undefined]);
  assertEquals((await live.versions()).length, 2);
});

Deno.test("changes fail where the store cannot be written; the old policy serves", async () => {
  using started = await startLivePolicy({ store: await readOnly(textOf("one")) });
  const { live } = started;
  await assertRejects(() => live.replace(textOf("two"), FROM), PolicyStoreError, "read-only");
  await assertRejects(() => live.choose("fast", FROM), PolicyStoreError, "read-only");
  await assertRejects(() => live.rollback(undefined, FROM), InvalidInputError);
  assertEquals((await live.replace(textOf("one"), FROM)).isNew, false);
  assertEquals([live.snapshot.name, live.snapshot.operatingPoint], ["test@1", "accurate"]);
});

Deno.test("LivePolicy forgets a refused document when the one that serves lies there again", async () => {
  using started = await startLivePolicy({ store: await readOnly(textOf("one")) });
  const { live, store } = started;
  store.lay(REFUSED.parse);
  await settle();
  assertMatch(live.snapshot.rejected ?? "", /parse failed/);
  store.lay(textOf("one"));
  await settle();
  assertEquals([live.snapshot.name, live.snapshot.rejected], ["test@1", undefined]);
});

Deno.test("changes are stored as soon as the store can be written again", async () => {
  using started = await startLivePolicy({ store: await readOnly(textOf("one")) });
  const { live, store } = started;
  store.unwritable = undefined;
  const { stored } = await live.replace(textOf("two"), FROM);
  assertEquals([(await live.versions())[0]?.sha256, stored.text], [stored.sha256, textOf("two")]);
  assertEquals(live.snapshot.document?.provenance.note, "two");
});

Deno.test("an edit is stored as soon as the store can be written again", async () => {
  using started = await startLivePolicy({ store: await readOnly(textOf("one")) });
  const { live, store } = started;
  store.unwritable = undefined;
  // Otherwise a process that tried it again and again would never come to an end.
  const read = store.read;
  store.read = (pair) => store.reads < 20 ? read.call(store, pair) : Promise.reject(new Error("x"));
  store.lay(textOf("two"));
  await settle();
  assertEquals(live.snapshot.document?.provenance.note, "two");
  assertEquals((await live.versions()).map(({ change }) => change), ["edit"]);
});

Deno.test("LivePolicy goes on with a store that has lost its history", async () => {
  const before = await storeOf([textOf("one"), textOf("two")]);
  const store = new FakeStore();
  store.lay(textOf("two"));
  // The store that it starts with; the lost one is read from then on.
  let current = before;
  const outer = new FakeStore();
  outer.read = (pair) => current.read(pair);
  outer.put = (...args) => current.put(...args);
  outer.versions = (pair) => current.versions(pair);
  using started = await startLivePolicy({ store: outer });
  const { live } = started;
  assertEquals(live.snapshot.name, "test@2");
  current = store;
  const { stored } = await live.replace(textOf("three"), FROM);
  assertEquals((await live.versions())[0]?.sha256, stored.sha256);
  assertEquals(live.snapshot.document?.provenance.note, "three");
});

Deno.test("LivePolicy serves always:<full> while the store cannot be read, and tries again", async () => {
  using time = new FakeTime();
  using set = spy(globalThis, "setTimeout");
  const store = await storeOf([textOf("one")]);
  store.unreadable = new Error("history.json is damaged");
  using started = await startLivePolicy({ store });
  const { live, log } = started;
  const { name, rejected } = live.snapshot;
  assertEquals([name, rejected], ["always:large", "history.json is damaged"]);
  time.next();
  await settle();
  assertEquals(log, ["pair test: history.json is damaged; serving always:large"]);
  await assertRejects(() => live.latest(), Error, "damaged");
  await assertRejects(() => live.replace(textOf("two"), FROM), Error, "damaged");
  store.unreadable = undefined;
  time.next();
  await settle();
  assertEquals([live.snapshot.name, live.snapshot.rejected], ["test@1", undefined]);
  const delays = set.calls.map(({ args: [, ms] }) => ms);
  assertEquals([time.next(), delays], [false, [1000, 1000]]);
});

Deno.test("LivePolicy forgets that the store could not be read, and what it refused it still says", async () => {
  using time = new FakeTime();
  const store = await storeOf([textOf("one")], REFUSED.dry_run);
  using started = await startLivePolicy({ store });
  const { live, log } = started;
  const { rejected } = live.snapshot;
  const told = log.length;
  for (let turn = 1; turn <= 2; turn++) {
    store.unreadable = new Error("no connection");
    store.tell();
    await settle();
    assertEquals([live.snapshot.name, live.snapshot.rejected], ["test@1", "no connection"]);
    store.unreadable = undefined;
    time.next();
    await settle();
    assertEquals(live.snapshot.rejected, rejected);
    assertEquals(log.length, told + turn);
  }
});

Deno.test("LivePolicy waits with one timer, however often the store tells of changes", async () => {
  using time = new FakeTime();
  using set = spy(globalThis, "setTimeout");
  using cleared = spy(globalThis, "clearTimeout");
  using started = await startLivePolicy({ store: await storeOf([textOf("one")]) });
  const { store } = started;
  store.unreadable = new Error("no connection");
  for (let turn = 0; turn < 5; turn++) store.tell();
  await settle();
  const left = () => {
    const ended = cleared.calls.map(({ args: [id] }) => id);
    return set.calls.filter(({ returned: id }) => !ended.includes(id)).length;
  };
  assertEquals(left(), 1);
  for (let turn = 0; turn < 3; turn++) {
    time.next();
    await settle();
  }
  assertEquals(left(), 1);
});

Deno.test("close() ends the waiting and the watching", async () => {
  using time = new FakeTime();
  using set = spy(globalThis, "setTimeout");
  using cleared = spy(globalThis, "clearTimeout");
  using waiting = await startLivePolicy({ store: await storeOf([textOf("one")]) });
  const { live, store, log } = waiting;
  store.unreadable = new Error("no connection");
  store.tell();
  await settle();
  assertSpyCalls(set, 1);
  assertSpyCalls(cleared, 1);
  assertSpyCallArgs(cleared, 0, [undefined]);
  live.close();
  assertEquals(time.next(), false);
  store.unreadable = undefined;
  const [reads, told] = [store.reads, log.length];
  await putElsewhere(store, textOf("two"), 1);
  store.tell();
  time.next();
  await settle();
  assertEquals([store.reads, log.length, live.snapshot.name], [reads, told, "test@1"]);
});

Deno.test("close() keeps what fails under way from being tried again", async () => {
  using time = new FakeTime();
  using started = await startLivePolicy({ store: await storeOf([textOf("one")]) });
  const { live, store, log } = started;
  const told = log.length;
  const gate = Promise.withResolvers<never>();
  store.read = () => gate.promise;
  store.tell();
  await settle();
  live.close();
  gate.reject(new Error("closed"));
  await settle();
  assertEquals([time.next(), log.length, live.snapshot.rejected], [false, told, undefined]);
});

Deno.test("LivePolicy.start() leaves no timer behind where nothing fails", async () => {
  using _ = new FakeTime();
  using set = spy(globalThis, "setTimeout");
  using started = await startLivePolicy({ store: await storeOf([textOf("one")]) });
  await started.live.replace(textOf("two"), FROM);
  assertSpyCalls(set, 0);
});
