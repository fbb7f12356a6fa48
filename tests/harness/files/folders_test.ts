import { assertEquals } from "@std/assert";
import { makeFolder, namesIn } from "./folders.ts";

Deno.test("makeFolder() makes files in folders, whatever their names, and is gone afterwards", async () => {
  let url: URL;
  {
    await using folder = await makeFolder({ "50% #1?/a.txt": "text", "b": Uint8Array.of(1) });
    url = folder.url;
    assertEquals(namesIn(url), ["50% #1?", "b"]);
    const inner = new URL(`${encodeURIComponent("50% #1?")}/`, url);
    assertEquals(await Deno.readTextFile(new URL("a.txt", inner)), "text");
    assertEquals(await Deno.readFile(new URL("b", url)), Uint8Array.of(1));
  }
  assertEquals(await Deno.stat(url).catch((error) => error.name), "NotFound");
});
