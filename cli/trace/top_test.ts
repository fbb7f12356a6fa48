import { assertEquals, assertThrows } from "@std/assert";
import { parseTop } from "./top.ts";

Deno.test("parseTop() keeps all logits of few classes and 64 of many", () => {
  assertEquals(parseTop(undefined, 10), undefined);
  assertEquals(parseTop(undefined, 100), undefined);
  assertEquals(parseTop(undefined, 101), 64);
  assertEquals(parseTop(undefined, 1000), 64);
});

Deno.test("parseTop() does as it is told", () => {
  assertEquals(parseTop("all", 1000), undefined);
  assertEquals(parseTop("10", 1000), 10);
  assertEquals(parseTop("1000", 1000), 1000);
  assertEquals(parseTop("3", 3), 3);
});

Deno.test("parseTop() refuses what a trace cannot keep", () => {
  for (const text of ["9", "1001", "-1", "64.5", "", "many"]) {
    assertThrows(
      () => parseTop(text, 1000),
      Error,
      `Cannot use --top ${text}: expected all, or a whole number from 10 to 1000`,
    );
  }
});
