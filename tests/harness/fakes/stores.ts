import type { NewPolicy } from "../../../policies/stores/store.ts";
import type { Seed } from "../../../policies/stores/memory.ts";
import { makeFolder } from "../files/folders.ts";

/** A policy to put; nobody checks its text. */
export function newPolicy(text: string, change: Partial<NewPolicy> = {}): NewPolicy {
  return { text, change: "put", from: "a test", operating_point: "p1", ...change };
}

/** Waits for something, at most ten seconds. */
export async function eventually(condition: () => boolean | Promise<boolean>): Promise<void> {
  for (const started = Date.now(); Date.now() - started < 10_000;) {
    if (await condition()) return;
    await new Promise((go) => setTimeout(go, 10));
  }
  throw new Error("it did not happen");
}

/** The given documents as a seed. */
export function seedOf(texts: Readonly<Record<string, string>>): Seed {
  return (pair) => {
    const text = Object.hasOwn(texts, pair) ? texts[pair] : undefined;
    return Promise.resolve(text === undefined ? undefined : { text, from: "a test" });
  };
}

/** A temporary folder with the texts as files `<pair>.json`. */
export async function folderOf(
  texts: Readonly<Record<string, string>>,
): Promise<AsyncDisposable & { readonly url: URL }> {
  const folder = await makeFolder();
  for (const [pair, text] of Object.entries(texts)) {
    await Deno.writeTextFile(new URL(`${pair}.json`, folder.url), text);
  }
  return folder;
}
