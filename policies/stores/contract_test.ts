import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { makeFolder } from "../../tests/harness/files/folders.ts";
import { sha256 } from "./history.ts";
import { KEPT_VERSIONS, PolicyConflictError, type PolicyStore } from "./store.ts";
import { MAX_POLICY_BYTES } from "../schema.ts";
import { FilePolicyStore } from "./files.ts";
import { KvPolicyStore } from "./kv.ts";
import { MemoryPolicyStore } from "./memory.ts";
import { newPolicy, policyFiles, seedOf } from "../../tests/harness/generators/stored_policies.ts";
import { until } from "../../tests/harness/wait/until.ts";

/** Two views of one store, as two processes would have them; the same one for a store of a process. */
interface Opened extends AsyncDisposable {
  readonly store: PolicyStore;
  readonly other: PolicyStore;
}

/** What every store must do. `open` makes a store that starts with the given documents. */
function testPolicyStore(
  name: string,
  open: (texts: Record<string, string>) => Promise<Opened>,
): void {
  Deno.test(`${name}.read() gives what lies there as a draft, exactly as it is`, async () => {
    const text = ' {"ü": "not a policy, not even checked"\n';
    await using opened = await open({ first: text, second: "" });
    const { head, draft } = await opened.store.read("first");
    assertEquals([head, draft?.text], [undefined, text]);
    assert(draft && draft.from !== "");
    assertEquals((await opened.store.read("second")).draft?.text, "");
  });

  Deno.test(`${name} knows nothing of a pair without a policy`, async () => {
    await using opened = await open({ first: "{}" });
    for (
      const pair of ["second", "", "constructor", "../first", "./first", "first.json", "x/../first"]
    ) {
      const { head, draft } = await opened.store.read(pair);
      assertEquals([head, draft], [undefined, undefined], pair);
      assertEquals(await opened.store.versions(pair), []);
      assertEquals(await opened.store.text(pair, 1), undefined);
    }
  });

  Deno.test(`${name}.put() makes versions that every view of the store reads`, async () => {
    await using opened = await open({ first: "{}" });
    const texts = ["{}", "löss 1", "{}"];
    for (const [index, text] of texts.entries()) {
      const change = { operating_point: `p${index}`, from: `caller ${index}` };
      const stored = await opened.store.put("first", newPolicy(text, change), index);
      assertEquals([stored.version, stored.text], [index + 1, text]);
      for (const store of [opened.store, opened.other]) {
        const { head, draft } = await store.read("first");
        assertEquals([head, draft], [stored, undefined]);
      }
    }
    const versions = await opened.other.versions("first");
    assertEquals(versions.map(({ version }) => version), [3, 2, 1]);
    assertEquals(versions.map(({ from }) => from), ["caller 2", "caller 1", "caller 0"]);
    assertEquals(versions[1]?.operating_point, "p1");
    assertEquals(versions[1]?.sha256, sha256("löss 1"));
    assertMatch(versions[0]?.date ?? "", /^\d{4}-\d\d-\d\dT.*Z$/);
    assertEquals(await opened.other.text("first", 2), "löss 1");
    assertEquals((await opened.store.read("second")).head, undefined);
  });

  Deno.test(`${name}.put() notes how a version came about`, async () => {
    await using opened = await open({});
    await opened.store.put("a", newPolicy("1", { change: "edit" }), 0);
    await opened.store.put("a", newPolicy("2", { change: "choose" }), 1);
    await opened.store.put("a", newPolicy("1", { change: "rollback", restores: 1 }), 2);
    const versions = await opened.store.versions("a");
    assertEquals(versions.map(({ change }) => change), ["rollback", "choose", "edit"]);
    assertEquals(versions.map(({ restores }) => restores), [1, undefined, undefined]);
  });

  Deno.test(`${name}.put() refuses what comes after another version than the latest`, async () => {
    await using opened = await open({ first: "{}" });
    await opened.store.put("first", newPolicy("one"), 0);
    for (const after of [0, 2, -1]) {
      const error = await assertRejects(
        () => opened.other.put("first", newPolicy("late"), after),
        PolicyConflictError,
      );
      assertEquals(error.version, 1);
    }
    assertEquals((await opened.store.read("first")).head?.text, "one");
    assertEquals((await opened.store.versions("first")).length, 1);
  });

  Deno.test(`${name}.put() lets exactly one of many win`, async () => {
    await using opened = await open({});
    for (let after = 0; after < 5; after++) {
      const answers = await Promise.allSettled(
        Array.from({ length: 8 }, (_, index) => {
          const store = index % 2 === 0 ? opened.store : opened.other;
          return store.put("first", newPolicy(`${after} of ${index}`), after);
        }),
      );
      const winners = answers.filter((answer) => answer.status === "fulfilled");
      assertEquals(winners.length, 1);
      for (const answer of answers) {
        if (answer.status === "fulfilled") continue;
        assert(answer.reason instanceof PolicyConflictError, String(answer.reason));
      }
      const { head } = await opened.other.read("first");
      assertEquals(head, winners[0]?.value);
    }
  });

  Deno.test(`${name} keeps the texts of the last ${KEPT_VERSIONS} versions`, async () => {
    await using opened = await open({});
    const count = KEPT_VERSIONS + 3;
    for (let after = 0; after < count; after++) {
      await opened.store.put("first", newPolicy(`text ${after + 1}`), after);
    }
    const texts = await Promise.all(
      Array.from({ length: count }, (_, index) => opened.store.text("first", index + 1)),
    );
    const kept = texts.map((text, index) => text === `text ${index + 1}`);
    assertEquals(kept, Array.from({ length: count }, (_, index) => index >= 3));
    assertEquals(texts.filter((text) => text === undefined).length, 3);
    assertEquals((await opened.store.versions("first")).length, count);
  });

  Deno.test(`${name} takes a document of ${MAX_POLICY_BYTES} bytes, exactly as it is`, async () => {
    await using opened = await open({});
    const start = "\uFEFF\r\n \0ü";
    const text = start + "x".repeat(MAX_POLICY_BYTES - new TextEncoder().encode(start).length);
    await opened.store.put("first", newPolicy(text), 0);
    assert((await opened.other.read("first")).head?.text === text);
    assert(await opened.other.text("first", 1) === text);
  });

  Deno.test(`${name}.read() finds whole versions while others are put`, async () => {
    await using opened = await open({});
    await opened.store.put("first", newPolicy("text 1"), 0);
    let done = false;
    const writing = (async () => {
      for (let after = 1; after < 30; after++) {
        await opened.store.put("first", newPolicy(`text ${after + 1}`), after);
      }
      done = true;
    })();
    for (let latest = 0; !done;) {
      const { head, draft } = await opened.other.read("first");
      assertEquals([head?.text, draft], [`text ${head?.version}`, undefined]);
      assert(head && head.version >= latest);
      latest = head.version;
    }
    await writing;
  });

  Deno.test(`${name}.watch() tells also while one put follows another`, async () => {
    await using opened = await open({});
    let [told, done] = [0, false];
    const end = new AbortController();
    opened.other.watch("first", () => told++, end.signal);
    await new Promise((go) => setTimeout(go, 50));
    const before = told;
    const writing = (async () => {
      for (let after = 0; !done; after++) {
        await opened.store.put("first", newPolicy(`text ${after}`), after);
        await new Promise((go) => setTimeout(go, 10));
      }
    })();
    try {
      await until("it is told", () => told > before);
    } finally {
      done = true;
      await writing;
      end.abort();
    }
  });

  Deno.test(`${name} keeps a canary beside the versions until it is taken away`, async () => {
    await using opened = await open({ first: "{}" });
    const canary = { text: "{ö}", share: 0.1, date: "2026-11-22T00:00:00Z", from: "a test" };
    await opened.store.setCanary("first", canary);
    const read = async () => (await opened.other.read("first")).canary;
    assertEquals(await read(), canary);
    await opened.store.put("first", newPolicy("one"), 0);
    assertEquals(await read(), canary);
    assertEquals((await opened.other.read("second")).canary, undefined);

    const end = new AbortController();
    let told = 0;
    opened.other.watch("first", () => told++, end.signal);
    await new Promise((go) => setTimeout(go, 50));
    const before = told;
    await opened.store.setCanary("first", { ...canary, share: 0.2 });
    await until("it is told", () => told > before);
    assertEquals((await read())?.share, 0.2);
    for (let turn = 0; turn < 2; turn++) {
      await opened.store.setCanary("first", undefined);
      assertEquals(await read(), undefined);
    }
    end.abort();
  });

  Deno.test(`${name}.watch() tells of every put within a second, until it is ended`, async () => {
    await using opened = await open({});
    const seen = [0, 0];
    const ends = [new AbortController(), new AbortController()];
    [opened.store, opened.other].forEach((store, index) => {
      store.watch("first", () => seen[index]!++, ends[index]!.signal);
    });
    // Until the first look has been taken.
    await new Promise((go) => setTimeout(go, 50));
    for (let after = 0; after < 2; after++) {
      const before = [...seen];
      await opened.store.put("first", newPolicy(`text ${after}`), after);
      await until("both are told", () => seen.every((count, index) => count > before[index]!));
    }
    ends[1]?.abort();
    const told = seen[1];
    await opened.store.put("first", newPolicy("text 2"), 2);
    await until("one is told", () => seen[0]! >= 3);
    assertEquals(seen[1], told);
    ends[0]?.abort();
  });
}

testPolicyStore("MemoryPolicyStore", (texts) => {
  const store = new MemoryPolicyStore(seedOf(texts));
  return Promise.resolve({
    store,
    other: store,
    [Symbol.asyncDispose]: () => Promise.resolve(),
  });
});

testPolicyStore("FilePolicyStore", async (texts) => {
  const folder = await makeFolder(policyFiles(texts));
  return {
    store: new FilePolicyStore(folder.url),
    other: new FilePolicyStore(folder.url),
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
});

testPolicyStore("KvPolicyStore", async (texts) => {
  const folder = await makeFolder();
  const path = new URL("kv.sqlite", folder.url).pathname;
  const [first, second] = [await Deno.openKv(path), await Deno.openKv(path)];
  return {
    store: new KvPolicyStore(first, seedOf(texts)),
    other: new KvPolicyStore(second, seedOf(texts)),
    [Symbol.asyncDispose]: async () => {
      first.close();
      second.close();
      await folder[Symbol.asyncDispose]();
    },
  };
});
