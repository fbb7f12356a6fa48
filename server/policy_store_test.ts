import { assert, assertEquals, assertRejects } from "@std/assert";
import { replaceProperty } from "../tests/harness/replace_property.ts";
import { makeFolder, namesIn } from "../tests/harness/files/folders.ts";
import { openPolicyStore } from "./policy_store.ts";

/** Opens a store over a folder with one document; gives its name, what it starts with, and the log. */
async function open(store: "auto" | "files" | "kv" | "memory", onDeploy: boolean) {
  await using folder = await makeFolder({ "pair.json": "{}" });
  const log: string[] = [];
  const kvPath = new URL("kv.sqlite", folder.url).pathname;
  const settings = { store, onDeploy, kvPath };
  using opened = await openPolicyStore(settings, folder.url, (line) => log.push(line));
  const { draft } = await opened.store.read("pair");
  return { name: opened.store.name, text: draft?.text, log, seeded: opened.seed !== undefined };
}

for (
  const [kind, onDeploy, name] of [
    ["auto", false, "files"],
    ["auto", true, "kv"],
    ["files", true, "files"],
    ["kv", false, "kv"],
    ["memory", false, "memory"],
  ] as const
) {
  const where = onDeploy ? "on Deno Deploy" : "elsewhere";
  Deno.test(`openPolicyStore() opens ${name} for ${kind} ${where}, with the documents that ship`, async () => {
    const { name: opened, text, log, seeded } = await open(kind, onDeploy);
    assertEquals([opened, text, log, seeded], [name, "{}", [], name === "kv"]);
  });
}

Deno.test("openPolicyStore() keeps policies in memory on Deno Deploy without a database, and says so", async () => {
  using _ = replaceProperty(Deno, "openKv", undefined);
  const { name, text, log } = await open("auto", true);
  assertEquals([name, text, log.length], ["memory", "{}", 1]);
  assert(log[0]?.includes("no Deno KV database"), log[0]);
});

Deno.test("openPolicyStore() needs no Deno KV for files and memory, and names what it needs for KV", async () => {
  using _ = replaceProperty(Deno, "openKv", undefined);
  assertEquals((await open("auto", false)).name, "files");
  assertEquals((await open("memory", false)).name, "memory");
  await assertRejects(() => open("kv", false), RangeError, 'SLUICE_STORE="kv": this runtime');
});

Deno.test("openPolicyStore() keeps policies in memory where files cannot be written, and says why", async () => {
  await using parent = await makeFolder({ file: "" });
  const blocked = new URL("file/policies/", parent.url);
  const forbidden = new URL("../../no-such-folder/", import.meta.url);
  for (
    const [folder, reason] of [[blocked, "directory"], [forbidden, "no write permission"]] as const
  ) {
    const log: string[] = [];
    const settings = { store: "auto", onDeploy: false, kvPath: undefined } as const;
    using opened = await openPolicyStore(settings, folder, (line) => log.push(line));
    assertEquals([opened.store.name, log.length], ["memory", 1]);
    const line = log[0]?.toLowerCase() ?? "";
    assert(line.includes(`cannot be written (`) && line.includes(reason), line);
  }
});

Deno.test("openPolicyStore() leaves nothing behind of its trial", async () => {
  await using folder = await makeFolder();
  const settings = { store: "auto", onDeploy: false, kvPath: undefined } as const;
  using opened = await openPolicyStore(settings, folder.url, () => {});
  assertEquals([opened.store.name, namesIn(folder.url)], ["files", []]);
});
