import { assertAlmostEquals, assertEquals } from "@std/assert";
import { areaUnder, costAtLoss, lowerHull } from "./curve.ts";

const point = (cost: number, loss: number) => ({ cost, loss });

Deno.test("lowerHull() keeps the corners that nothing beats", () => {
  const corners = [point(1, 0.4), point(2, 0.1), point(10, 0)];
  const others = [point(5, 0.1), point(1.5, 0.3), point(1, 0.5), point(12, 0), point(6, 0.05)];
  assertEquals(lowerHull([...others, ...corners]), corners);
  assertEquals(lowerHull([point(3, 0.2)]), [point(3, 0.2)]);
});

Deno.test("lowerHull() ends at the least loss, even below 0", () => {
  assertEquals(lowerHull([point(10, 0), point(4, -0.01), point(1, 0.1)]), [
    point(1, 0.1),
    point(4, -0.01),
  ]);
});

Deno.test("costAtLoss() reads the straight line between two corners", () => {
  const hull = [point(1, 0.4), point(2, 0.1), point(10, 0)];
  assertEquals(costAtLoss(hull, 0.1), 2);
  assertAlmostEquals(costAtLoss(hull, 0.05) as number, 6, 1e-7);
  assertEquals(costAtLoss(hull, 0), 10);
  assertEquals(costAtLoss(hull, 0.9), 1);
  assertEquals(costAtLoss(hull, -0.1), undefined);
});

Deno.test("areaUnder() sums trapezoids and goes on at the last loss", () => {
  const hull = [point(1, 0.4), point(2, 0.2)];
  assertAlmostEquals(areaUnder(hull, 1, 2), 0.3);
  assertAlmostEquals(areaUnder(hull, 1, 4), 0.3 + 0.4);
  assertAlmostEquals(areaUnder(hull, 1.5, 2), 0.125);
});
