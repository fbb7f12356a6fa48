import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { discoverPlugins, listedPlugins } from "./discover.ts";
import { otherPair } from "../../tests/harness/files/plugins.ts";
import { makeFolder } from "../../tests/harness/files/folders.ts";

function unexpected(line: string): never {
  throw new Error(line);
}

Deno.test("discoverPlugins() finds every subfolder with a pair.ts, by name", async () => {
  await using folder = await makeFolder({
    "shoes/pair.ts": "",
    "hats/pair.ts": "",
    "hats/train/pair.ts": "",
    "notes/README.md": "",
    "old/pair.ts/x": "",
    "pair.ts": "",
  });
  const plugins = await discoverPlugins([folder.url], unexpected);
  assertEquals(plugins.map(({ folder, url }) => [folder, url.href]), [
    ["hats", new URL("hats/pair.ts", folder.url).href],
    ["shoes", new URL("shoes/pair.ts", folder.url).href],
  ]);
});

Deno.test("discoverPlugins() keeps the order of the folders", async () => {
  const names = ["m", "z", "b", "y", "c", "k"];
  const files = Object.fromEntries(names.map((name) => [`${name}/pair.ts`, ""]));
  await using first = await makeFolder(files);
  await using second = await makeFolder({ "a/pair.ts": "", "y/pair.ts": "" });
  const plugins = await discoverPlugins([first.url, second.url], unexpected);
  assertEquals(plugins.map(({ folder }) => folder), ["b", "c", "k", "m", "y", "z", "a", "y"]);
});

Deno.test("discoverPlugins() loads nothing until it is asked to", async () => {
  await using folder = await makeFolder({ "bad/pair.ts": "throw new RangeError('too bad');" });
  const [plugin] = await discoverPlugins([folder.url], unexpected);
  await assertRejects(() => plugin?.load() ?? Promise.resolve(), RangeError, "too bad");
});

Deno.test("load() gives the default export, whatever the folder is called", async () => {
  await using folder = await makeFolder({ "50% off #1?/pair.ts": "export default { name: 'x' };" });
  const [plugin] = await discoverPlugins([folder.url], unexpected);
  assertEquals(plugin?.folder, "50% off #1?");
  assertEquals(await plugin?.load(), { name: "x" });
});

Deno.test("discoverPlugins() reports a folder that is missing and searches the others", async () => {
  await using folder = await makeFolder({ "hats/pair.ts": "" });
  const lines: string[] = [];
  const missing = new URL("missing/", folder.url);
  const plugins = await discoverPlugins([missing, folder.url], (line) => lines.push(line));
  assertEquals(plugins.map(({ folder }) => folder), ["hats"]);
  assertEquals(lines.length, 1);
  assertStringIncludes(lines[0] ?? "", `Cannot read plugin folder ${missing.pathname}: `);
});

Deno.test("discoverPlugins() finds nothing in no folder", async () => {
  assertEquals(await discoverPlugins([], unexpected), []);
});

Deno.test("listedPlugins() reads every model that a build has from its folder, and keeps the rest", async () => {
  const pair = {
    ...otherPair("listed"),
    postprocess: () => 1,
    models: {
      cheap: { source: "./cheap.onnx", output: "logits" },
      dear: { source: "https://models.example/dear.onnx", sha256: "b".repeat(64) },
      elsewhere: { source: "https://models.example/v2" },
    },
  };
  const url = new URL("file:///dist/plugins/listed/pair.js");
  const hashes = { cheap: "a".repeat(64), dear: "b".repeat(64) };
  const entry = { folder: "listed", url, models: hashes, load: () => Promise.resolve(pair) };
  const [plugin] = listedPlugins([entry], new URL("file:///dist/models/"));
  assertEquals([plugin?.folder, plugin?.url], ["listed", url]);
  assertEquals(await plugin?.load(), {
    ...pair,
    models: {
      cheap: {
        source: `file:///dist/models/${hashes.cheap}.onnx`,
        sha256: hashes.cheap,
        output: "logits",
      },
      dear: { source: `file:///dist/models/${hashes.dear}.onnx`, sha256: hashes.dear },
      elsewhere: pair.models.elsewhere,
    },
  });
});
