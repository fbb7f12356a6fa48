import { assert, assertEquals, assertRejects } from "@std/assert";
import { UnknownPairError } from "../../registry/mod.ts";
import { makePluginFolder, otherPair } from "../../tests/harness/files/plugins.ts";
import { findPair } from "./find_pair.ts";

Deno.test("findPair() finds a pair by its name, past plugins that cannot be used", async () => {
  await using plugins = await makePluginFolder({
    a: "throw new Error('no luck');",
    b: otherPair("other"),
    c: otherPair("wanted"),
  });
  const lines: string[] = [];
  const { pair, url } = await findPair("wanted", [plugins.url], (line) => lines.push(line));
  assertEquals(pair.name, "wanted");
  assert(url.pathname.endsWith("/c/pair.ts"));
  assertEquals(lines, ["Cannot use plugin a: no luck"]);
});

Deno.test("findPair() names the pairs that there are", async () => {
  await using plugins = await makePluginFolder({ a: otherPair("one"), b: otherPair("two") });
  await assertRejects(
    () => findPair("three", [plugins.url], () => {}),
    UnknownPairError,
    "expected one of one, two",
  );
});
