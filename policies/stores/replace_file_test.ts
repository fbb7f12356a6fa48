import { assertEquals, assertRejects } from "@std/assert";
import { makeFolder, namesIn } from "../../tests/harness/files/folders.ts";
import { replaceFile } from "./replace_file.ts";

Deno.test("replaceFile() makes the folder, writes and replaces, and leaves nothing else", async () => {
  await using folder = await makeFolder();
  const file = new URL("deeper/file", folder.url);
  for (const content of [Uint8Array.of(1, 2), Uint8Array.of(3)]) {
    await replaceFile(file, content);
    assertEquals(await Deno.readFile(file), content);
  }
  assertEquals(namesIn(new URL("./", file)), ["file"]);
});

Deno.test("replaceFile() leaves nothing behind when it fails", async () => {
  await using folder = await makeFolder();
  const file = new URL("taken", folder.url);
  await Deno.mkdir(new URL("taken/inside/", folder.url), { recursive: true });
  await assertRejects(() => replaceFile(file, Uint8Array.of(1)), Error);
  assertEquals(namesIn(folder.url), ["taken"]);
});
