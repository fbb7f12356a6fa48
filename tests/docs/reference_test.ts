/** docs/api.md and docs/settings.md are complete. */
import { assertEquals } from "@std/assert";
import { readConfig } from "../../server/mod.ts";
import { startTestApp } from "../harness/app/app.ts";

const ROOT = new URL("../../", import.meta.url);
const read = (path: string) => Deno.readTextFile(new URL(path, ROOT));

Deno.test("docs/settings.md lists every setting, and no other", async () => {
  const settings: string[] = [];
  readConfig((name) => {
    settings.push(name);
    return undefined;
  });
  const rows = (await read("docs/settings.md")).matchAll(/^\| (`.+?) \|/gm);
  const listed = Array.from(rows, ([, names = ""]) => names.match(/\w+/g) ?? []).flat();
  // What a host sets is no setting of the user's.
  const own = settings.filter((name) => !name.startsWith("DENO_"));
  assertEquals(listed.toSorted(), own.toSorted());
});

Deno.test("docs/api.md lists every call, and no other", async () => {
  using app = await startTestApp();
  const { paths } = await app.json("/openapi.json");
  const calls = Object.entries<Record<string, unknown>>(paths)
    // The page itself with its files, and models by version, of which the row of the model speaks.
    .filter(([path]) => !/^\/$|^\/docs\/|\/models\/.*\/versions\//.test(path))
    .flatMap(([path, item]) =>
      Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`)
    );
  const rows = (await read("docs/api.md")).matchAll(/^\| ([A-Z, ]+) \| (`.+?) \|/gm);
  const listed = Array.from(rows, ([, methods = "", paths = ""]) => {
    return paths.split(", ").flatMap((path) => {
      return methods.split(", ").map((method) => `${method} ${path.replaceAll("`", "")}`);
    });
  }).flat();
  assertEquals(listed.toSorted(), calls.toSorted());
});
