import { assert, assertEquals } from "@std/assert";
import { pluginFolders } from "./plugin_folders.ts";

Deno.test("pluginFolders() has the plugins that ship, and after them those that are given", () => {
  const { folders, further } = pluginFolders("one, /two/");
  const paths = folders.map(({ pathname }) => pathname);
  assert(paths[0]?.endsWith("/registry/plugins/"));
  assertEquals(paths.slice(1), [`${Deno.cwd()}/one/`, "/two/"]);
  assertEquals(further, ["one", "/two/"]);
});
