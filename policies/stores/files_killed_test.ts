/** What a process leaves behind that is killed while it puts a version, step by step. */
import { assertEquals } from "@std/assert";
import { sha256 } from "./history.ts";
import { AUDITED_VERSIONS, KEPT_VERSIONS } from "./store.ts";
import { FilePolicyStore } from "./files.ts";
import { makeFolder, namesIn } from "../../tests/harness/files/folders.ts";
import { newPolicy } from "../../tests/harness/generators/stored_policies.ts";

/** A folder in which version `count` is about to be put after the others. */
async function killedAt(count: number, live: string) {
  const folder = await makeFolder();
  const store = new FilePolicyStore(folder.url);
  for (let after = 0; after < count - 1; after++) {
    await store.put("a", newPolicy(`text ${after + 1}`), after);
  }
  const versions = await store.versions("a");
  const text = `text ${count}`;
  const next = { ...versions[0], version: count, sha256: sha256(text) };
  const write = (name: string, content: string) =>
    Deno.writeTextFile(new URL(name, folder.url), content);
  await write(`.versions/a/${count}.json`, text);
  await write(".versions/a/writing", "half of somethi");
  await write(".versions/a/history.json", JSON.stringify({ versions, next }));
  await write("a.json", live);
  return {
    store,
    names: () => namesIn(new URL(".versions/a/", folder.url)),
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}

Deno.test("FilePolicyStore forgets a version that did not reach the file", async () => {
  await using killed = await killedAt(3, "text 2");
  const { head, draft } = await killed.store.read("a");
  assertEquals([head?.version, head?.text, draft], [2, "text 2", undefined]);
  assertEquals((await killed.store.versions("a")).map(({ version }) => version), [2, 1]);
  assertEquals(await killed.store.text("a", 3), undefined);
  assertEquals((await killed.store.put("a", newPolicy("other 3"), 2)).version, 3);
  assertEquals(await killed.store.text("a", 3), "other 3");
});

Deno.test("FilePolicyStore finishes a version that did", async () => {
  await using killed = await killedAt(3, "text 3");
  const { head, draft } = await killed.store.read("a");
  assertEquals([head?.version, head?.text, draft], [3, "text 3", undefined]);
  assertEquals((await killed.store.versions("a")).map(({ version }) => version), [3, 2, 1]);
});

Deno.test("FilePolicyStore takes a draft for one, whatever was being put", async () => {
  await using killed = await killedAt(3, "edited");
  const { head, draft } = await killed.store.read("a");
  assertEquals([head?.version, head?.text, draft?.text], [2, "text 2", "edited"]);
});

Deno.test("FilePolicyStore.put() finishes first what another has begun", async () => {
  await using killed = await killedAt(3, "text 3");
  assertEquals((await killed.store.put("a", newPolicy("text 4"), 3)).version, 4);
  const versions = await killed.store.versions("a");
  assertEquals(versions.map(({ version }) => version), [4, 3, 2, 1]);
});

Deno.test("FilePolicyStore keeps as much of what it finishes as of what it puts", async () => {
  await using killed = await killedAt(KEPT_VERSIONS + 1, `text ${KEPT_VERSIONS + 1}`);
  await killed.store.read("a");
  const kept = Array.from({ length: KEPT_VERSIONS }, (_, index) => `${index + 2}.json`);
  const expected = [...kept, "history.json", "lock"];
  assertEquals(killed.names().sort(), expected.sort());

  const before = AUDITED_VERSIONS + 1;
  await using full = await killedAt(before, `text ${before}`);
  await full.store.read("a");
  const versions = await full.store.versions("a");
  assertEquals([versions.length, versions[0]?.version], [AUDITED_VERSIONS, before]);
});
