/** What only this store does; what every store does is in `contract_test.ts`. */
import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { fileURLToPath } from "node:url";
import { makeFolder } from "../../tests/harness/files/folders.ts";
import { MAX_POLICY_BYTES } from "../schema.ts";
import { AUDITED_VERSIONS, PolicyStoreError } from "./store.ts";
import { KvPolicyStore, unlocked } from "./kv.ts";
import { newPolicy, seedOf } from "../../tests/harness/generators/stored_policies.ts";

interface Opened extends AsyncDisposable {
  readonly kv: Deno.Kv;
  readonly path: string;
}

async function openKv(): Promise<Opened> {
  const folder = await makeFolder();
  const path = fileURLToPath(new URL("kv.sqlite", folder.url));
  const kv = await Deno.openKv(path);
  return {
    kv,
    path,
    [Symbol.asyncDispose]: async () => {
      kv.close();
      await folder[Symbol.asyncDispose]();
    },
  };
}

Deno.test("KvPolicyStore.put() refuses a document that is too long for a value", async () => {
  await using opened = await openKv();
  const store = new KvPolicyStore(opened.kv);
  const text = "ü".repeat(MAX_POLICY_BYTES / 2) + "x";
  const { message } = await assertRejects(
    () => store.put("first", newPolicy(text), 0),
    PolicyStoreError,
  );
  assertMatch(message, /61441 bytes.*at most 61440/);
  assertEquals((await store.read("first")).head, undefined);
  assertEquals(await store.versions("first"), []);
});

Deno.test("KvPolicyStore keeps an audit trail of the longest lines in one value", async () => {
  await using opened = await openKv();
  const store = new KvPolicyStore(opened.kv);
  // Letters that take the most room; no origin is kept any longer.
  const change = { from: "字".repeat(500), operating_point: "p".repeat(64), restores: 1 };
  const count = AUDITED_VERSIONS + 1;
  for (let after = 0; after < count; after++) {
    await store.put("first", newPolicy(`text ${after + 1}`, change), after);
  }
  const versions = await store.versions("first");
  const expected = Array.from({ length: AUDITED_VERSIONS }, (_, index) => count - index);
  assertEquals(versions.map(({ version }) => version), expected);
});

Deno.test("KvPolicyStore keeps to what it knows when the seed changes", async () => {
  await using opened = await openKv();
  const texts = { first: "old" };
  await new KvPolicyStore(opened.kv, seedOf(texts)).put("first", newPolicy("stored"), 0);
  const { head, draft } = await new KvPolicyStore(opened.kv, seedOf({ first: "new" })).read(
    "first",
  );
  assertEquals([head?.text, draft], ["stored", undefined]);
});

Deno.test("KvPolicyStore keeps its versions when the database is closed and opened again", async () => {
  await using opened = await openKv();
  const stored = await new KvPolicyStore(opened.kv).put("first", newPolicy("stored"), 0);
  using again = await Deno.openKv(opened.path);
  assertEquals((await new KvPolicyStore(again).read("first")).head, stored);
});

Deno.test("KvPolicyStore waits for the lock that another process holds", async () => {
  await using opened = await openKv();
  using other = await Deno.openKv(opened.path);
  const stores = [new KvPolicyStore(opened.kv), new KvPolicyStore(other)];
  const answers = await Promise.allSettled(
    Array.from({ length: 60 }, (_, index) => {
      return stores[index % 2]!.put(`pair-${index}`, newPolicy(`text ${index}`), 0);
    }),
  );
  assert(answers.every(({ status }) => status === "fulfilled"), JSON.stringify(answers));
});

Deno.test("unlocked() tries again while the database is locked, and only then", async () => {
  const failing = (message: string, times: number) => {
    let tries = 0;
    const task = () => {
      return tries++ < times ? Promise.reject(new TypeError(message)) : Promise.resolve("done");
    };
    return { task, tries: () => tries };
  };
  const locked = failing("database is locked", 3);
  assertEquals([await unlocked(locked.task), locked.tries()], ["done", 4]);
  const forever = failing("database is locked", Infinity);
  await assertRejects(() => unlocked(forever.task), PolicyStoreError);
  const other = failing("disk is full", 1);
  await assertRejects(() => unlocked(other.task), TypeError);
  assertEquals(other.tries(), 1);
});
