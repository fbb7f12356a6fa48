import { assert, assertEquals, assertRejects } from "@std/assert";
import { cachedFile, hashOf } from "../../registry/models/mod.ts";
import { makePluginFolder, otherPair } from "../../tests/harness/files/plugins.ts";
import { makeFolder } from "../../tests/harness/files/folders.ts";
import { startHttpServer } from "../../tests/harness/http/http_server.ts";
import { startFakeProgress } from "../../tests/harness/fakes/fake_progress.ts";
import { fillCache } from "./fill_cache.ts";
import { wantedModels } from "./wanted.ts";

const [ONE, TWO] = [Uint8Array.of(1, 2, 3), Uint8Array.of(4, 5)];

function wanted(bytes: Uint8Array, url = "https://models.example/model.onnx") {
  return { sha256: hashOf(bytes), url: new URL(url), users: ["pair/node"] };
}

/** An empty cache, a folder with the first model under some name, and what is logged. */
async function setUp() {
  const folder = await makeFolder({ "from/any name.onnx": ONE, "from/no-model.txt": TWO });
  const [cache, from] = [new URL("cache/", folder.url), new URL("from/", folder.url)];
  const lines: string[] = [];
  const log = (line: string) => void lines.push(line);
  const sources = { maxBytes: 1e6, privateSources: true };
  const options = { cache, sources, progress: startFakeProgress, log };
  return { options, from, lines, [Symbol.asyncDispose]: folder[Symbol.asyncDispose] };
}

Deno.test("fillCache() takes models from a folder by their hashes and says what is missing", async () => {
  await using test = await setUp();
  const models = [wanted(TWO), wanted(ONE)];
  const fill = async () => {
    const states = await fillCache(models, { ...test.options, from: test.from });
    return states.map(({ state, bytes }) => [state, bytes]);
  };
  assertEquals(await fill(), [["missing", undefined], ["added", 3]]);
  assertEquals(await fill(), [["missing", undefined], ["cached", 3]]);
  assertEquals(await Deno.readFile(cachedFile(test.options.cache, hashOf(ONE))), ONE);
  assertEquals([...Deno.readDirSync(test.options.cache)].length, 1);
});

Deno.test("fillCache() replaces a damaged file", async () => {
  await using test = await setUp();
  const { cache } = test.options;
  await Deno.mkdir(cache);
  await Deno.writeFile(cachedFile(cache, hashOf(ONE)), TWO);
  const [state] = await fillCache([wanted(ONE)], { ...test.options, from: test.from });
  assertEquals([state?.state, test.lines.length], ["added", 1]);
  assertEquals(await Deno.readFile(cachedFile(cache, hashOf(ONE))), ONE);
});

Deno.test("fillCache() fetches, checks hashes, and goes on after a failure", async () => {
  await using test = await setUp();
  await using server = startHttpServer(({ url }) => {
    return url.endsWith("/gone") ? new Response(null, { status: 404 }) : new Response(ONE);
  });
  const at = (path: string) => `${server.address}/${path}`;
  const three = Uint8Array.of(6);
  const models = [wanted(TWO, at("wrong")), wanted(three, at("gone")), wanted(ONE, at("one"))];
  const states = await fillCache(models, test.options);
  assertEquals(states.map(({ state, reason }) => [state, reason]), [
    ["missing", `${at("wrong")} has SHA-256 ${hashOf(ONE)}, expected ${hashOf(TWO)}`],
    ["missing", `cannot fetch ${at("gone")}: status 404`],
    ["added", undefined],
  ]);
});

Deno.test("fillCache() fetches by the rules of the server, and shows no password", async () => {
  await using test = await setUp();
  await using server = startHttpServer(() => new Response(ONE));
  const at = `${new URL(server.address).host}/one`;
  const models = [wanted(ONE, `http://user:secret@${at}?secret`)];
  for (
    const [sources, reason] of [
      [{ maxBytes: 2, privateSources: true }, "announced to have 3 bytes, expected at most 2 ("],
      [{ maxBytes: 3, privateSources: false }, "its protocol is http, expected https; SLUICE_"],
    ] as const
  ) {
    const [state] = await fillCache(models, { ...test.options, sources });
    assertEquals(state?.state, "missing");
    assert(state?.reason?.startsWith(`cannot fetch http://…@${at}?…: `), state?.reason);
    assert(state?.reason?.includes(reason), state?.reason);
  }
});

Deno.test("fillCache() fails where the folder does not exist", async () => {
  await using test = await setUp();
  const from = new URL("nowhere/", test.from);
  await assertRejects(
    () => fillCache([wanted(ONE)], { ...test.options, from }),
    Deno.errors.NotFound,
  );
});

Deno.test("wantedModels() lists every file on the network once, with all who want it", async () => {
  const remote = { source: "https://models.example/a.onnx", sha256: "a".repeat(64) };
  const { models } = otherPair("any");
  await using plugins = await makePluginFolder({
    one: otherPair("one", { models: { cheap: remote, dear: models["dear"]! } }),
    two: otherPair("two", { models: { cheap: remote, dear: remote } }),
    unpinned: otherPair("unpinned", {
      models: { cheap: models["cheap"]!, dear: { source: remote.source } },
    }),
  });
  const lines: string[] = [];
  const found = await wantedModels([plugins.url], (line) => lines.push(line));
  const users = ["one/cheap", "two/cheap", "two/dear"];
  assertEquals(found, [{ sha256: remote.sha256, url: new URL(remote.source), users }]);
  assertEquals(lines.length, 1);
  assertEquals(lines[0]?.includes("models.dear.sha256"), true);
});
