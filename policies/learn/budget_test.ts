import { assertEquals, assertThrows } from "@std/assert";
import { checkBudget, costLimit, sayBudget } from "./budget.ts";

Deno.test("checkBudget() refuses a price beside limits", () => {
  checkBudget({ lambda: 3 });
  checkBudget({ maxLoss: 0.01, maxCost: 2, speedup: 3 });
  assertThrows(() => checkBudget({ lambda: 3, speedup: 2 }), RangeError, "a price or limits");
});

Deno.test("sayBudget() says every part", () => {
  assertEquals(sayBudget({ maxLoss: 0.0029, maxCost: 2 }), "loss ≤ 0.29%, cost ≤ 2 ms");
});

Deno.test("costLimit() takes the tighter of a cost and a speedup", () => {
  assertEquals(costLimit({ maxCost: 2 }, 6), 2);
  assertEquals(costLimit({ speedup: 4 }, 6), 1.5);
  assertEquals(costLimit({ maxCost: 2, speedup: 4 }, 6), 1.5);
  assertEquals(costLimit({ maxLoss: 0.01 }, 6), Infinity);
});
