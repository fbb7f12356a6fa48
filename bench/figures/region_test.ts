import { assertEquals, assertThrows } from "@std/assert";
import { replaceRegion } from "./region.ts";

Deno.test("replaceRegion() replaces what stands between the markers, and nothing else", () => {
  const text = "before\n<!-- a -->\nold\n<!-- /a -->\nafter\n<!-- b -->\n<!-- /b -->\n";
  const once = replaceRegion(text, "a", "new");
  assertEquals(once, text.replace("old", "new"));
  assertEquals(replaceRegion(once, "a", "new"), once);
  assertEquals(replaceRegion(text, "b", "new"), text.replace("b -->\n<", "b -->\nnew\n<"));
});

Deno.test("replaceRegion() names the markers that are missing", () => {
  for (const text of ["", "<!-- a -->\n", "<!-- /a -->\n<!-- a -->\n"]) {
    assertThrows(() => replaceRegion(text, "a", "new"), SyntaxError, "<!-- a -->\n<!-- /a -->");
  }
});
