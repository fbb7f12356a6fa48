import { assertEquals } from "@std/assert";
import { pathToFileURL } from "node:url";
import { folderUrl } from "./folder_url.ts";

Deno.test("folderUrl() gives a URL with a trailing slash, whether or not the path has one", () => {
  for (const path of ["/a b/c#", "/a b/c#/"]) {
    assertEquals(folderUrl(path).href, "file:///a%20b/c%23/");
  }
  assertEquals(folderUrl("plugins"), new URL("plugins/", pathToFileURL(`${Deno.cwd()}/`)));
});
