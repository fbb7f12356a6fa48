import { assert, assertEquals, assertRejects } from "@std/assert";
import { fileURLToPath } from "node:url";
import { makeFolder } from "../../tests/harness/files/folders.ts";
import { readModelFile } from "./read_model_file.ts";

const SECRET = "root:x:0:0:secret";
const LEADS_OUT =
  "it is a symbolic link out of the plugin's folder, expected a file in it or the file's own path";

/** Deno itself makes links only where it may read and write everything. */
async function run(command: string, ...args: (string | URL)[]): Promise<void> {
  const paths = args.map((arg) => arg instanceof URL ? fileURLToPath(arg) : arg);
  const { success } = await new Deno.Command(command, { args: paths }).output();
  assert(success);
}

/** A plugin's folder with a model, and a secret beside it. */
async function pluginFolder() {
  const parent = await makeFolder();
  const folder = new URL("plugin/", parent.url);
  await Deno.mkdir(new URL("sub/", folder), { recursive: true });
  await Deno.mkdir(new URL("plugin-other/", parent.url));
  await Deno.writeFile(new URL("sub/model.onnx", folder), Uint8Array.of(1, 2, 3));
  for (const path of ["secret.txt", "plugin-other/secret.txt"]) {
    await Deno.writeTextFile(new URL(path, parent.url), SECRET);
  }
  const link = (name: string, target: string) => run("ln", "-s", target, new URL(name, folder));
  const { url } = parent;
  return { folder, parent: url, link, [Symbol.asyncDispose]: parent[Symbol.asyncDispose] };
}

/** What a file is refused with. */
async function refused(file: URL, folder?: URL): Promise<string> {
  const { message } = await assertRejects(() => readModelFile(file, folder), Error);
  assert(!message.includes("secret") && !message.includes("/"), message);
  return message;
}

Deno.test("readModelFile() reads a file of the folder, and links that stay within", async () => {
  await using test = await pluginFolder();
  await test.link("linked.onnx", "sub/model.onnx");
  await test.link("linked", "sub");
  for (const path of ["sub/model.onnx", "linked.onnx", "linked/model.onnx"]) {
    const bytes = await readModelFile(new URL(path, test.folder), test.folder);
    assertEquals(bytes, Uint8Array.of(1, 2, 3));
  }
});

for (
  const [name, target, file] of [
    ["model.onnx", "../secret.txt", "model.onnx"],
    ["model.onnx", "../plugin-other/secret.txt", "model.onnx"],
    ["elsewhere", "..", "elsewhere/secret.txt"],
    ["sub/model2.onnx", "../../secret.txt", "sub/model2.onnx"],
    ["model.onnx", "/etc/passwd", "model.onnx"],
  ] as const
) {
  Deno.test(`readModelFile() refuses ${file} where ${name} is a link to ${target}`, async () => {
    await using test = await pluginFolder();
    await test.link(name, target);
    assertEquals(await refused(new URL(file, test.folder), test.folder), LEADS_OUT);
  });
}

Deno.test("readModelFile() refuses a link to a link that leads out", async () => {
  await using test = await pluginFolder();
  await test.link("second.onnx", "../secret.txt");
  await test.link("first.onnx", "second.onnx");
  assertEquals(await refused(new URL("first.onnx", test.folder), test.folder), LEADS_OUT);
});

Deno.test("readModelFile() reads a file outside of the folder that is named so, link or not", async () => {
  await using test = await pluginFolder();
  await run("ln", "-s", "secret.txt", new URL("linked.onnx", test.parent));
  for (const path of ["../secret.txt", "../plugin-other/secret.txt", "../linked.onnx"]) {
    const bytes = await readModelFile(new URL(path, test.folder), test.folder);
    assertEquals(new TextDecoder().decode(bytes), SECRET);
  }
});

Deno.test("readModelFile() reads from a folder that is a link itself", async () => {
  await using test = await pluginFolder();
  await run("ln", "-s", "plugin", new URL("linked", test.parent));
  const folder = new URL("linked/", test.parent);
  const bytes = await readModelFile(new URL("sub/model.onnx", folder), folder);
  assertEquals(bytes.length, 3);
});

Deno.test("readModelFile() refuses a folder and a pipe, and does not wait for somebody who writes", async () => {
  await using test = await pluginFolder();
  const pipe = new URL("model.onnx", test.folder);
  await run("mkfifo", pipe);
  for (const folder of [test.folder, undefined]) {
    assertEquals(await refused(pipe, folder), "it is a pipe, device or socket, expected a file");
    assertEquals(
      await refused(new URL("sub", test.folder), folder),
      "it is a folder, expected a file",
    );
  }
});

Deno.test("readModelFile() refuses what is too large for a model before it reads it", async () => {
  await using test = await pluginFolder();
  const file = new URL("large.onnx", test.folder);
  await run("truncate", "--size=2G", file);
  assertEquals(await refused(file), "it has 2147483648 bytes, expected fewer than 2147483648");
});

Deno.test("readModelFile() says that there is no file, also where a link leads nowhere", async () => {
  await using test = await pluginFolder();
  await test.link("dangling.onnx", "gone.onnx");
  for (const name of ["gone.onnx", "dangling.onnx"]) {
    const file = new URL(name, test.folder);
    await assertRejects(() => readModelFile(file, test.folder), Deno.errors.NotFound);
  }
});

Deno.test("readModelFile() says what is not permitted without the path", async () => {
  await using test = await pluginFolder();
  assertEquals(
    await refused(new URL("file:///etc/passwd")),
    "Deno is not allowed to, expected --allow-read for its folder",
  );
  await test.link("round.onnx", "round.onnx");
  assertEquals(await refused(new URL("round.onnx", test.folder), test.folder), "FilesystemLoop");
});
