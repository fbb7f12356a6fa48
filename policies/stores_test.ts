import { assert, assertEquals, assertRejects } from "@std/assert";
import { temporaryFolder } from "../tests/temporary_folder.ts";
import type { PolicyStore } from "./store.ts";
import { FilePolicyStore } from "./stores/files.ts";
import { MemoryPolicyStore } from "./stores/memory.ts";

/** What every store must do. `open` makes a store that holds the given texts. */
function testPolicyStore(
  name: string,
  open: (texts: Record<string, string>) => Promise<{ store: PolicyStore } & AsyncDisposable>,
): void {
  Deno.test(`${name}.get() gives the text exactly as it was stored`, async () => {
    const text = ' {"ü": "not a policy, not even checked"\n';
    await using opened = await open({ first: text, second: "" });
    const stored = await opened.store.get("first");
    assertEquals(stored?.text, text);
    assertEquals(stored?.version, 1);
    assert(stored && stored.source !== "");
    assertEquals((await opened.store.get("second"))?.text, "");
  });

  Deno.test(`${name}.get() gives nothing for a pair without a policy`, async () => {
    await using opened = await open({ first: "{}" });
    for (const pair of ["second", "", "constructor"]) {
      assertEquals(await opened.store.get(pair), undefined);
    }
  });

  Deno.test(`${name}.get() gives nothing for a name that is no pair's`, async () => {
    await using opened = await open({ first: "{}" });
    for (const pair of ["../first", "./first", "..%2Ffirst", "first.json", "x/../first"]) {
      assertEquals(await opened.store.get(pair), undefined, pair);
    }
  });
}

/** A folder with the texts as files, until the end of the test. */
async function openFolder(texts: Record<string, string>): Promise<{ url: URL } & AsyncDisposable> {
  const folder = await temporaryFolder();
  for (const [pair, text] of Object.entries(texts)) {
    await Deno.writeTextFile(new URL(`${pair}.json`, folder.url), text);
  }
  return folder;
}

testPolicyStore("MemoryPolicyStore", (texts) => {
  return Promise.resolve({
    store: new MemoryPolicyStore(texts),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  });
});

testPolicyStore("FilePolicyStore", async (texts) => {
  const folder = await openFolder(texts);
  return {
    store: new FilePolicyStore(folder.url),
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
});

Deno.test("FilePolicyStore takes a directory with and without a slash at its end", async () => {
  await using folder = await openFolder({ first: "{}" });
  for (const href of [folder.url.href, folder.url.href.slice(0, -1)]) {
    const stored = await new FilePolicyStore(new URL(href)).get("first");
    assertEquals(stored?.source, `${folder.url.href}first.json`);
  }
});

Deno.test("FilePolicyStore.get() rejects when a file cannot be read", async () => {
  await using folder = await openFolder({});
  await Deno.mkdir(new URL("first.json", folder.url));
  await assertRejects(() => new FilePolicyStore(folder.url).get("first"), Error);
});
