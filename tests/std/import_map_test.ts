/** The way from the stand-ins to the packages of JSR. */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { importMap, type Imports } from "./import_map.ts";
import { readJson, ROOT } from "../harness/files/project.ts";

async function readImports(path: string): Promise<Imports> {
  return (await readJson(path)).imports;
}

const own = await readImports("deno.json");
const jsr = await readImports("tests/std/jsr.json");
const isStd = (name: string) => name.startsWith("@std/");

Deno.test("tests/std/jsr.json has a pinned package for every stand-in, and no other name", () => {
  assertEquals(Object.keys(jsr).toSorted(), Object.keys(own).filter(isStd).toSorted());
  for (const [name, address] of Object.entries(jsr)) {
    const [, scoped = "", rest = ""] = /^(@std\/\w+)(\/.*)?$/.exec(name) ?? [];
    const escaped = `${scoped}@\\d+\\.\\d+\\.\\d+${rest}`;
    assertMatch(address, new RegExp(`^jsr:${escaped}$`));
  }
});

Deno.test("every stand-in of deno.json lies in tests/std", async () => {
  for (const [name, address] of Object.entries(own).filter(([name]) => isStd(name))) {
    assertMatch(address, /^\.\/tests\/std\/\w+\.ts$/, name);
    assert((await Deno.stat(new URL(address, ROOT))).isFile);
  }
});

Deno.test("importMap() leads some names elsewhere, lists packages, and leaves no address relative", () => {
  const map = importMap({ a: "./a.ts", b: "npm:b@1.0.0", c: "./c.ts" }, { c: "jsr:@x/c@1" }, ROOT);
  assertEquals(map, {
    "a": new URL("a.ts", ROOT).href,
    "b": "npm:b@1.0.0",
    "b/": "npm:/b@1.0.0/",
    "c": "jsr:@x/c@1",
  });
  const all = Object.keys(importMap(own, jsr, ROOT));
  assertEquals(all.filter((name) => !name.endsWith("/")), Object.keys(own));
});
