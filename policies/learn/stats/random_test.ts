import { assert, assertAlmostEquals, assertEquals, assertNotEquals } from "@std/assert";
import { dealFolds, foldCount, without } from "./folds.ts";
import { seededRandom, shuffle } from "./random.ts";

Deno.test("seededRandom() repeats itself for the same seed only", () => {
  const draw = (seed: number) => {
    const random = seededRandom(seed);
    return [random.uniform(), random.below(1000), random.normal()];
  };
  assertEquals(draw(1), draw(1));
  assertNotEquals(draw(1), draw(2));
});

Deno.test("seededRandom() draws within bounds, with the right moments", () => {
  const random = seededRandom(3);
  const integers = Array.from({ length: 3000 }, () => random.below(3));
  assertEquals([...new Set(integers)].sort(), [0, 1, 2]);
  const normals = Array.from({ length: 20_000 }, () => random.normal());
  const mean = normals.reduce((sum, value) => sum + value) / normals.length;
  const variance = normals.reduce((sum, value) => sum + value ** 2) / normals.length;
  assertAlmostEquals(mean, 0, 0.03);
  assertAlmostEquals(variance, 1, 0.05);
  assert(normals.every(Number.isFinite));
});

Deno.test("shuffle() keeps every value", () => {
  const values = shuffle(Int32Array.from({ length: 100 }, (_, index) => index), seededRandom(1));
  assertNotEquals(values, values.toSorted());
  assertEquals([...values.toSorted()], Array.from({ length: 100 }, (_, index) => index));
});

Deno.test("dealFolds() deals rows out evenly", () => {
  const fold = dealFolds(103, 5, 1);
  const sizes = Array.from({ length: 5 }, (_, one) => fold.filter((own) => own === one).length);
  assertEquals(sizes.toSorted(), [20, 20, 21, 21, 21]);
  assertEquals(foldCount(fold), 5);
  assertEquals(dealFolds(103, 5, 1), fold);
  assertEquals([...without(Float64Array.of(1, 2, 3), Uint8Array.of(0, 1, 0), 0)], [0, 2, 0]);
});
