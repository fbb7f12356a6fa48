import { assert, assertEquals, assertRejects } from "@std/assert";
import { fileURLToPath } from "node:url";
import { makeFolder } from "../../tests/harness/files/folders.ts";
import { cachedFile, hashOf, readCached } from "./model_cache.ts";

const MODEL = Uint8Array.of(1, 2, 3);
const HASH = hashOf(MODEL);

Deno.test("readCached() gives the model of a hash, or undefined", async () => {
  await using folder = await makeFolder();
  assertEquals(await readCached(folder.url, HASH), undefined);
  await Deno.writeFile(cachedFile(folder.url, HASH), MODEL);
  assertEquals(await readCached(folder.url, HASH), MODEL);
});

Deno.test("readCached() refuses a damaged file, names it and says how to mend it", async () => {
  await using folder = await makeFolder();
  await Deno.writeFile(cachedFile(folder.url, HASH), MODEL.subarray(1));
  const error = await assertRejects(
    () => readCached(folder.url, HASH),
    Error,
    `${HASH}.onnx is damaged`,
  );
  for (const part of ["2 bytes", hashOf(MODEL.subarray(1)), "deno task models replaces it"]) {
    assertEquals(error.message.includes(part), true, error.message);
  }
});

Deno.test("readCached() does not wait for a pipe", async () => {
  await using folder = await makeFolder();
  const { success } = await new Deno.Command("mkfifo", {
    args: [fileURLToPath(cachedFile(folder.url, HASH))],
  }).output();
  assert(success);
  await assertRejects(() => readCached(folder.url, HASH), Error, "it is a pipe");
});

Deno.test("readCached() names a file that cannot be read", async () => {
  await using folder = await makeFolder();
  await Deno.mkdir(cachedFile(folder.url, HASH));
  await assertRejects(() => readCached(folder.url, HASH), Error, `${HASH}.onnx: `);
});
