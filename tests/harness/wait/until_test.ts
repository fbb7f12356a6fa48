import { assertEquals, assertRejects } from "@std/assert";
import { stub } from "@std/testing/mock";
import { until } from "./until.ts";

Deno.test("until() looks until there is something, and gives it", async () => {
  const seen = [undefined, false, "it"] as const;
  let looks = 0;
  assertEquals(await until("seen", () => seen[looks++]), "it");
  assertEquals(looks, 3);
});

Deno.test("until() fails where it never is so, and says what", async () => {
  let now = 0;
  using _ = stub(performance, "now", () => now += 10_000);
  await assertRejects(() => until("it serves", () => false), Error, "it serves: not in 30 s");
});
