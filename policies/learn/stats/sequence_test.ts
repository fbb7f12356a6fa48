import { assertEquals } from "@std/assert";
import { spy } from "@std/testing/mock";
import { countPassing } from "./sequence.ts";

Deno.test("countPassing() stops at the first failure and asks for no bound after it", () => {
  const bounds = [0.001, 0.01, 0.011, 0.001];
  const boundOf = spy((index: number) => bounds[index] as number);
  assertEquals(countPassing(4, boundOf, 0.01), 2);
  assertEquals(boundOf.calls.map(({ args: [index] }) => index), [0, 1, 2]);
});

Deno.test("countPassing() lets all pass, or none", () => {
  assertEquals(countPassing(3, () => 0.01, 0.01), 3);
  assertEquals(countPassing(3, () => 0.02, 0.01), 0);
  assertEquals(countPassing(3, () => NaN, 0.01), 0);
  assertEquals(countPassing(0, () => 0, 0.01), 0);
});
