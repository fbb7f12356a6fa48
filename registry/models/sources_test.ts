import { assert, assertEquals, assertRejects } from "@std/assert";
import { assertSpyCalls, spy } from "@std/testing/mock";
import { createHash } from "node:crypto";
import { PluginError } from "../base/errors.ts";
import type { ModelSpec, PairSpec } from "../pair/pair_spec.ts";
import { readModels } from "./sources.ts";
import { makeFolder } from "../../tests/harness/files/folders.ts";
import { startHttpServer } from "../../tests/harness/http/http_server.ts";
import { pairOf } from "../../tests/harness/generators/pair_specs.ts";

const SMALL = Uint8Array.of(1, 2, 3);
const LARGE = Uint8Array.of(4, 5, 6, 7);
/** Servers of tests are on this machine, and speak http. */
const HERE = { privateSources: true };
const NOWHERE = new URL("file:///nowhere/pair.ts");

function hashOf(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

function pairWith(models: Record<string, ModelSpec>): PairSpec {
  return { ...pairOf({}), models };
}

/** A folder with the two models, and the URL of the plugin file in it. */
async function modelFolder() {
  const folder = await makeFolder({ "small.onnx": SMALL, "sub dir/large.onnx": LARGE });
  return { ...folder, base: new URL("pair.ts", folder.url) };
}

/** Serves the large model at `/large.onnx` and nothing else. */
function modelServer() {
  const server = startHttpServer(({ url }) => {
    const found = new URL(url).pathname === "/large.onnx";
    return found ? new Response(LARGE) : new Response("<p>no such page</p>", { status: 404 });
  });
  return {
    url: (path: string) => new URL(path, server.address).href,
    [Symbol.asyncDispose]: server[Symbol.asyncDispose],
  };
}

/** Reads a pair of one model, which must be refused; gives the error. */
function refused(model: ModelSpec, base: URL, reason: string): Promise<PluginError> {
  const reading = () => readModels(pairWith({ small: model }), base, HERE);
  return assertRejects(reading, PluginError, reason);
}

Deno.test("readModels() reads files relative to the plugin and gives their hashes", async () => {
  await using folder = await modelFolder();
  const models = {
    small: { source: "./small.onnx" },
    large: { source: "sub dir/large.onnx", sha256: hashOf(LARGE) },
  };
  const files = await readModels(pairWith(models), folder.base);
  assertEquals(files, {
    small: { bytes: SMALL, sha256: hashOf(SMALL) },
    large: { bytes: LARGE, sha256: hashOf(LARGE) },
  });
});

Deno.test("readModels() takes the absolute URL of a file", async () => {
  await using folder = await modelFolder();
  const source = new URL("small.onnx", folder.url).href;
  const files = await readModels(pairWith({ small: { source } }), NOWHERE);
  assertEquals(files["small"]?.bytes, SMALL);
});

Deno.test("readModels() refuses a file with another hash and gives both", async () => {
  await using folder = await modelFolder();
  const sha256 = hashOf(LARGE);
  const error = await refused({ source: "./small.onnx", sha256 }, folder.base, "");
  assertEquals(error.field, "models.small.sha256");
  assertEquals(error.reason, `./small.onnx has SHA-256 ${hashOf(SMALL)}, expected ${sha256}`);
});

Deno.test("readModels() refuses a file that does not exist", async () => {
  await using folder = await modelFolder();
  const error = await refused({ source: "./medium.onnx" }, folder.base, "");
  assertEquals(error.field, "models.small.source");
  assertEquals(error.reason, "file ./medium.onnx does not exist");
});

Deno.test("readModels() refuses what cannot be read as a file", async () => {
  await using folder = await modelFolder();
  const error = await refused({ source: "./sub dir" }, folder.base, "cannot read ./sub dir: ");
  assertEquals(error.field, "models.small.source");
});

for (const source of ["ftp://example.com/x.onnx", "data:,x", "blob:x", "npm:x", "http://[x"]) {
  Deno.test(`readModels() refuses the source ${source}`, async () => {
    const sha256 = hashOf(SMALL);
    const error = await refused({ source, sha256 }, NOWHERE, "expected a path or an https URL");
    assertEquals(error.field, "models.small.source");
    assertEquals(error.reason.includes(source), true);
  });
}

Deno.test("readModels() fetches a model from the network and checks its hash", async () => {
  await using server = modelServer();
  const model = { source: server.url("/large.onnx"), sha256: hashOf(LARGE) };
  const files = await readModels(pairWith({ large: model }), NOWHERE, HERE);
  assertEquals(files, { large: { bytes: LARGE, sha256: hashOf(LARGE) } });
});

Deno.test("readModels() resolves sources against a plugin on the network", async () => {
  await using server = modelServer();
  const model = { source: "./large.onnx", sha256: hashOf(LARGE) };
  const base = new URL(server.url("/pair.ts"));
  const files = await readModels(pairWith({ large: model }), base, HERE);
  assertEquals(files["large"]?.bytes, LARGE);
});

Deno.test("readModels() refuses a model from the network with another hash", async () => {
  await using server = modelServer();
  const model = { source: server.url("/large.onnx"), sha256: hashOf(SMALL) };
  const error = await refused(model, NOWHERE, `has SHA-256 ${hashOf(LARGE)}, expected`);
  assertEquals(error.field, "models.small.sha256");
});

Deno.test("readModels() refuses a model from the network without a hash, unasked", async () => {
  const answer = spy(() => new Response(LARGE));
  await using server = startHttpServer(answer);
  const source = `${server.address}/large.onnx`;
  const error = await refused({ source }, NOWHERE, "missing, expected the SHA-256");
  assertEquals(error.field, "models.small.sha256");
  assertSpyCalls(answer, 0);
});

Deno.test("readModels() refuses what the network answers with an error", async () => {
  await using server = modelServer();
  const source = server.url("/gone.onnx");
  const error = await refused({ source, sha256: hashOf(LARGE) }, NOWHERE, "");
  assertEquals(error.field, "models.small.source");
  assertEquals(
    error.reason,
    `models/ does not have it, and ${source} cannot be fetched: status 404; ` +
      "deno task models --from <folder> takes it from a folder",
  );
});

Deno.test("readModels() refuses a source where nobody answers", async () => {
  const server = modelServer();
  const source = server.url("/large.onnx");
  await server[Symbol.asyncDispose]();
  const error = await refused({ source, sha256: hashOf(LARGE) }, NOWHERE, "cannot be fetched");
  assertEquals(error.field, "models.small.source");
});

Deno.test("readModels() asks nobody on this machine unless that is allowed", async () => {
  const answer = spy(() => new Response(LARGE));
  await using server = startHttpServer(answer);
  for (const scheme of ["http", "https"]) {
    const source = `${scheme}://${new URL(server.address).host}/large.onnx`;
    const reading = () =>
      readModels(pairWith({ small: { source, sha256: hashOf(LARGE) } }), NOWHERE);
    const error = await assertRejects(reading, PluginError, "SLUICE_PRIVATE_SOURCES=true allows");
    assertEquals(error.field, "models.small.source");
  }
  assertSpyCalls(answer, 0);
});

Deno.test("readModels() refuses a model that is larger than allowed", async () => {
  await using server = modelServer();
  const pair = pairWith({ large: { source: server.url("/large.onnx"), sha256: hashOf(LARGE) } });
  const reading = (maxBytes: number) => readModels(pair, NOWHERE, { ...HERE, maxBytes });
  await assertRejects(() => reading(3), PluginError, "4 bytes, expected at most 3");
  assertEquals((await reading(4))["large"]?.bytes, LARGE);
});

Deno.test("readModels() never shows user, password and query of a source", async () => {
  await using server = modelServer();
  const { host } = new URL(server.url("/"));
  const sources = [
    `http://user:secret@${host}/gone.onnx?secret`,
    `http://user:secret@${host}/large.onnx?secret`,
    `https://user:secret@${host}/large.onnx`,
    `ftp://user:secret@${host}/large.onnx`,
    `http://user:secret@${host}:port/`,
  ];
  for (const source of sources) {
    const { message } = await refused({ source, sha256: hashOf(SMALL) }, NOWHERE, "…");
    assertEquals(/secret|user/.test(message), false, message);
  }
  const { message } = await refused({ source: sources[0]! }, NOWHERE, "missing");
  assertEquals(message.includes("secret"), false);
});

Deno.test("readModels() refuses a link out of the plugin's folder, a pipe and a folder, and shows nothing of them", async () => {
  await using folder = await modelFolder();
  await Deno.writeTextFile(new URL("secret.txt", folder.url), "root:x:0:0:secret");
  const inside = new URL("sub dir/", folder.url);
  for (const args of [["ln", "-s", "../secret.txt", "link.onnx"], ["mkfifo", "pipe.onnx"]]) {
    const [command = "", ...rest] = args;
    assert((await new Deno.Command(command, { args: rest, cwd: inside }).output()).success);
  }
  const base = new URL("pair.ts", inside);
  for (
    const [source, reason] of [
      ["./link.onnx", "cannot read ./link.onnx: it is a symbolic link out of the plugin's folder"],
      ["./pipe.onnx", "cannot read ./pipe.onnx: it is a pipe, device or socket, expected a file"],
      [".", "cannot read .: it is a folder, expected a file"],
    ] as const
  ) {
    const { field, message } = await refused({ source }, base, reason);
    assertEquals([field, message.includes("secret")], ["models.small.source", false]);
  }
  const files = await readModels(pairWith({ small: { source: "../small.onnx" } }), base);
  assertEquals(files["small"]?.bytes, SMALL);
});

Deno.test("readModels() takes a model of the network from the cache and asks nobody", async () => {
  await using folder = await modelFolder();
  const model = { source: "https://models.example/large.onnx", sha256: hashOf(LARGE) };
  const pair = pairWith({ large: model });
  await Deno.writeFile(new URL(`${model.sha256}.onnx`, folder.url), LARGE);
  const files = await readModels(pair, NOWHERE, { cache: folder.url });
  assertEquals(files, { large: { bytes: LARGE, sha256: model.sha256 } });
});

Deno.test("readModels() refuses a cached model that is damaged rather than fetch it", async () => {
  await using folder = await modelFolder();
  await using server = modelServer();
  const model = { source: server.url("/large.onnx"), sha256: hashOf(LARGE) };
  await Deno.writeFile(new URL(`${model.sha256}.onnx`, folder.url), SMALL);
  const error = await assertRejects(
    () => readModels(pairWith({ large: model }), NOWHERE, { ...HERE, cache: folder.url }),
    PluginError,
    `${model.sha256}.onnx is damaged`,
  );
  assertEquals(error.field, "models.large.source");
});

Deno.test("readModels() fetches what the cache does not have, and leaves the cache as it is", async () => {
  await using folder = await modelFolder();
  await using server = modelServer();
  const model = { source: server.url("/large.onnx"), sha256: hashOf(LARGE) };
  const before = await Array.fromAsync(Deno.readDir(folder.url));
  const options = { ...HERE, cache: folder.url };
  const files = await readModels(pairWith({ large: model }), NOWHERE, options);
  assertEquals(files["large"]?.bytes, LARGE);
  assertEquals(await Array.fromAsync(Deno.readDir(folder.url)), before);
});
