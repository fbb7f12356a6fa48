/** What only this store does; what every store does is in `contract_test.ts`. */
import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { fileURLToPath } from "node:url";
import { KEPT_VERSIONS, PolicyConflictError, PolicyStoreError } from "./store.ts";
import { FilePolicyStore } from "./files.ts";
import { makeFolder } from "../../tests/harness/files/folders.ts";
import { newPolicy } from "../../tests/harness/generators/stored_policies.ts";
import { until } from "../../tests/harness/wait/until.ts";

const LIVE = new URL("../live/", import.meta.url);

/** Names of the files of a folder, those of `.versions/` with it. */
function filesOf(folder: URL): string[] {
  return [...Deno.readDirSync(folder)].flatMap(({ name, isDirectory }) =>
    isDirectory ? filesOf(new URL(`${name}/`, folder)).map((inner) => `${name}/${inner}`) : [name]
  ).sort();
}

/** The names that a pair `a` has after some versions; no others may lie there. */
function expectedFiles(versions: readonly number[], ...others: string[]): string[] {
  const kept = [...versions.map((version) => `${version}.json`), "history.json", "lock", ...others];
  return ["a.json", ...kept.map((name) => `.versions/a/${name}`)].sort();
}

Deno.test("FilePolicyStore takes what is written into the file for a draft beside the version", async () => {
  await using folder = await makeFolder();
  const store = new FilePolicyStore(folder.url);
  const stored = await store.put("a", newPolicy("one"), 0);
  const file = new URL("a.json", folder.url);
  await Deno.writeTextFile(file, "edited");
  const { head, draft } = await store.read("a");
  assertEquals([head, draft?.text], [stored, "edited"]);
  assertMatch(draft?.from ?? "", /\/a\.json$/);

  await Deno.writeTextFile(file, "one");
  assertEquals(await store.read("a"), { head: stored });
  await Deno.remove(file);
  assertEquals((await store.read("a")).head, stored);
});

Deno.test("FilePolicyStore leaves a file alone that has the text of the version already", async () => {
  await using folder = await makeFolder({ "a.json": "edited" });
  const file = new URL("a.json", folder.url);
  const before = await Deno.stat(file);
  const store = new FilePolicyStore(folder.url);
  await store.put("a", newPolicy("edited", { change: "edit" }), 0);
  const after = await Deno.stat(file);
  assertEquals([after.ino, after.mtime], [before.ino, before.mtime]);
  assertEquals((await store.read("a")).head?.version, 1);
});

Deno.test("FilePolicyStore.watch() tells of edits in place and by another name", async () => {
  await using folder = await makeFolder({ "a.json": "one" });
  const end = new AbortController();
  let told = 0;
  new FilePolicyStore(folder.url).watch("a", () => told++, end.signal);
  await new Promise((go) => setTimeout(go, 50));
  const file = new URL("a.json", folder.url);
  const other = new URL("a.json~", folder.url);
  const edits = [
    () => Deno.writeTextFile(file, "two"),
    async () => {
      await Deno.writeTextFile(other, "six");
      await Deno.rename(other, file);
    },
    () => Deno.remove(file),
    () => Deno.writeTextFile(file, "six"),
  ];
  try {
    for (const edit of edits) {
      const before = told;
      await edit();
      await until("it is told", () => told > before);
    }
  } finally {
    end.abort();
  }
});

Deno.test("FilePolicyStore keeps what a version takes the place of without having been one", async () => {
  await using folder = await makeFolder({ "a.json": "refused" });
  const store = new FilePolicyStore(folder.url);
  const replaced = () => Deno.readTextFileSync(new URL(".versions/a/replaced.json", folder.url));
  await store.put("a", newPolicy("one"), 0);
  assertEquals(replaced(), "refused");
  await store.put("a", newPolicy("two"), 1);
  assertEquals(replaced(), "refused");
  await Deno.writeTextFile(new URL("a.json", folder.url), "refused again");
  await store.put("a", newPolicy("three"), 2);
  assertEquals(replaced(), "refused again");
});

Deno.test("FilePolicyStore leaves nothing lying about", async () => {
  await using folder = await makeFolder();
  const store = new FilePolicyStore(folder.url);
  for (let after = 0; after < KEPT_VERSIONS + 2; after++) {
    await store.put("a", newPolicy(`text ${after}`), after);
  }
  await assertRejects(() => store.put("a", newPolicy("late"), 3), PolicyConflictError);
  const kept = Array.from({ length: KEPT_VERSIONS }, (_, index) => index + 3);
  assertEquals(filesOf(folder.url), expectedFiles(kept));
});

Deno.test("FilePolicyStore.put() lets one win of more than there are threads", async () => {
  await using folder = await makeFolder();
  const store = new FilePolicyStore(folder.url);
  const answers = await Promise.allSettled(
    Array.from({ length: 100 }, (_, index) => store.put("a", newPolicy(`${index}`), 0)),
  );
  assertEquals(answers.filter(({ status }) => status === "fulfilled").length, 1);
});

Deno.test("FilePolicyStore names a history that is damaged", async () => {
  await using folder = await makeFolder();
  const store = new FilePolicyStore(folder.url);
  await store.put("a", newPolicy("one"), 0);
  const history = new URL(".versions/a/history.json", folder.url);
  for (const text of ["", '{"versions": [', "null", "[]", "{}", '{"versions": {}}']) {
    await Deno.writeTextFile(history, text);
    for (
      const task of [
        () => store.read("a"),
        () => store.versions("a"),
        () => store.text("a", 1),
        () => store.put("a", newPolicy("two"), 1),
      ]
    ) {
      const { message } = await assertRejects(task, PolicyStoreError);
      assertMatch(message, /\.versions\/a\/history\.json is damaged .*counted from 1 again/);
    }
  }
  await Deno.remove(history);
  assertEquals((await store.read("a")).draft?.text, "one");
  assertEquals((await store.put("a", newPolicy("one"), 0)).version, 1);
});

Deno.test("FilePolicyStore.put() says when it cannot write", async () => {
  await using folder = await makeFolder({ "a.json": "one" });
  // In the way; the tests may run as a user who may write everywhere.
  await Deno.mkdir(new URL(".versions/a/lock/", folder.url), { recursive: true });
  const store = new FilePolicyStore(folder.url);
  const { message } = await assertRejects(
    () => store.put("a", newPolicy("two"), 0),
    PolicyStoreError,
  );
  assertMatch(message, /^Cannot write to .*\.test-.*: Is a directory/);
  assertEquals((await store.read("a")).draft?.text, "one");
});

Deno.test({
  name: "FilePolicyStore.put() says when it is not allowed to write, and reads all the same",
  permissions: { read: [fileURLToPath(LIVE)] },
  fn: async () => {
    const store = new FilePolicyStore(LIVE);
    const { message } = await assertRejects(
      () => store.put("fashion-mnist", newPolicy("{}"), 0),
      PolicyStoreError,
    );
    assertMatch(message, /^Cannot write to .*\/policies\/live\/: .*write access/);
    const { head, draft } = await store.read("fashion-mnist");
    assert((head ?? draft)?.text.startsWith("{"));
  },
});

Deno.test("FilePolicyStore.put() refuses names that lead out of the folder", async () => {
  await using folder = await makeFolder();
  const store = new FilePolicyStore(folder.url);
  for (const pair of ["../a", "a/b", "", ".versions", "A"]) {
    await assertRejects(() => store.put(pair, newPolicy("{}"), 0), PolicyStoreError);
  }
  assertEquals(filesOf(folder.url), []);
});
