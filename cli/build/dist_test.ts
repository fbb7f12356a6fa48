import { assert, assertEquals, assertRejects } from "@std/assert";
import { stop } from "esbuild";
import { cachedFile, hashOf } from "../../registry/models/mod.ts";
import { makePluginFolder, otherPair, shippedPlugin } from "../../tests/harness/files/plugins.ts";
import { makeFolder } from "../../tests/harness/files/folders.ts";
import { buildDist, wasmFor } from "./dist.ts";

const large = await Deno.readFile(new URL("large.onnx", shippedPlugin("fashion-mnist")));
const remote = { source: "https://models.example/large.onnx", sha256: hashOf(large) };
const { models } = otherPair("models");

/** Builds plugins into an empty folder; the cache has the large network, the network nothing. */
async function build(plugins: Parameters<typeof makePluginFolder>[0], files: string[] = []) {
  await using parent = await makeFolder();
  await using folder = await makePluginFolder(plugins);
  const [out, cache] = [new URL("dist/", parent.url), new URL("cache/", parent.url)];
  for (const made of [out, cache]) await Deno.mkdir(made);
  for (const file of files) await Deno.writeTextFile(new URL(file, out), "mine");
  await Deno.writeFile(cachedFile(cache, remote.sha256), large);
  const log: string[] = [];
  const options = {
    out,
    plugins: [folder.url],
    models: cache,
    log: (line: string) => log.push(line),
  };
  const built = await buildDist(options);
  const texts = built.filter(({ path }) => /\.js(on)?$/.test(path)).map(async ({ path }) => {
    return [path, await Deno.readTextFile(new URL(path, out))] as const;
  });
  return { built, log, texts: Object.fromEntries(await Promise.all(texts)) };
}

/** esbuild's process outlives the first test that needs it. */
function testBuild(name: string, fn: () => Promise<void>): void {
  Deno.test({ name, fn, sanitizeOps: false, sanitizeResources: false });
}

Deno.test.afterAll(() => stop());

/** The messages of what a build fails with. */
async function failures(plugins: Parameters<typeof makePluginFolder>[0]): Promise<string[]> {
  const { errors } = await assertRejects(() => build(plugins), AggregateError);
  return errors.map(({ message }) => message);
}

testBuild("buildDist() takes every model once, those of the network too", async () => {
  const { built, log } = await build({
    one: otherPair("one", { models: { ...models, dear: remote } }),
    two: otherPair("two"),
  });
  const found = built.filter(({ path }) => path.startsWith("models/"));
  assertEquals(found.map(({ what }) => what), ["one/cheap, two/cheap", "one/dear, two/dear"]);
  assertEquals(found[1], {
    path: `models/${remote.sha256}.onnx`,
    what: "one/dear, two/dear",
    bytes: large.length,
  });
  assertEquals(log.length, 2);
  assert(log[0]?.includes("policies/live/one.json does not exist"), log[0]);
});

testBuild("buildDist() bundles a plugin with what it uses of sluice, and no more", async () => {
  const { texts } = await build({
    helped: `import { chain, definePair } from "sluice";
      const pair = ${JSON.stringify(otherPair("helped"))};
      export default definePair({ ...pair, graph: chain("cheap", "dear") });`,
  });
  const text = texts["plugins/helped/pair.js"] ?? "";
  assert(text.includes("function chain") && text.length < 4000, text);
  assertEquals(text.match(/^import /m), null);
  assertEquals(texts["main.js"]?.match(/from "(?!node:|\.\/plugins\.js)[^"]*";$/m), null);
  assertEquals(texts["worker.js"]?.match(/from "(?!node:)[^"]*";$/m), null);
});

testBuild("buildDist() names every plugin and every model that it cannot have", async () => {
  const gone = (node: string) => ({ source: `https://models.example/${node}.onnx` });
  const messages = await failures({
    absent: otherPair("absent", {
      models: {
        cheap: { ...gone("cheap"), sha256: "0".repeat(64) },
        dear: { ...gone("dear"), sha256: "1".repeat(64) },
      },
    }),
    broken: "export default {};",
    unresolved: `import "no-such-package"; export default ${JSON.stringify(otherPair("any"))};`,
    "same-name": otherPair("twin"),
    twin: otherPair("twin"),
  });
  const expected = [
    "plugin absent: models.cheap.source: models/ does not have it, and https://models.example/cheap",
    "plugin absent: models.dear.source: models/ does not have it, and https://models.example/dear",
    "plugin broken: name: ",
    "plugin twin: name: twin is the name of another plugin",
    "plugin unresolved: Build failed with 1 error:",
  ];
  assertEquals(messages.map((message, at) => message.startsWith(expected[at] ?? "?")), [
    ...Array(5).fill(true),
  ], messages.join("\n"));
  assert(messages[4]?.includes('Could not resolve "no-such-package"'), messages[4]);
});

testBuild("buildDist() leaves a folder alone that holds something else than a build", async () => {
  await assertRejects(
    () => build({ any: otherPair("any") }, ["notes.txt"]),
    Error,
    "it holds something else than a build",
  );
  await assertRejects(
    () => build({ any: otherPair("any") }, ["plugins.js"]),
    Error,
    "else than a b",
  );
});

testBuild("buildDist() refuses to build a server without plugins", async () => {
  await assertRejects(() => build({}), Error, "Cannot build: there is no plugin");
});

Deno.test("wasmFor() gives what every server needs, and WebGPU where a model asks for it", () => {
  const pair = otherPair("any");
  const everywhere = ["onnxruntime", "png", "jpeg", "webp", "resize"] as const;
  assertEquals(wasmFor([{ pair }]), [...everywhere]);
  const asking = {
    ...pair,
    models: { cheap: { ...models["cheap"]!, backend: "webgpu" as const } },
  };
  assertEquals(wasmFor([{ pair }, { pair: asking }]).toSorted(), [...everywhere, "webgpu"].sort());
});
