import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { mean, percentileInterval, quantile, resampleMeans, standardError } from "./bootstrap.ts";
import { seededRandom } from "./random.ts";

Deno.test("resampleMeans() is a function of the seed", () => {
  const series = [Float64Array.of(1, 2, 3, 4), Float64Array.of(0, 0, 0, 1)];
  const options = { replicates: 20, seed: 7 };
  assertEquals(resampleMeans(series, options), resampleMeans(series, options));
  assert(
    resampleMeans(series, options)[0]?.some((value, index) => {
      return value !== resampleMeans(series, { ...options, seed: 8 })[0]?.[index];
    }),
  );
});

Deno.test("resampleMeans() draws the same examples for all series", () => {
  const cost = Float64Array.from({ length: 50 }, (_, row) => row % 7);
  const twice = cost.map((value) => 2 * value + 1);
  const [a, b] = resampleMeans([cost, twice], { replicates: 100, seed: 1 });
  a?.forEach((value, index) => assertAlmostEquals(b?.[index] as number, 2 * value + 1, 1e-12));
});

Deno.test("resampleMeans() leaves a constant as it is", () => {
  const [means] = resampleMeans([new Float64Array(10).fill(0.1)], { replicates: 5, seed: 1 });
  assertEquals(means, new Float64Array(5).fill(0.1));
});

Deno.test("resampleMeans() refuses series of different lengths", () => {
  const series = [new Float64Array(2), new Float64Array(3)];
  assertThrows(() => resampleMeans(series, { seed: 1 }), RangeError, "got 2,3");
  assertThrows(() => resampleMeans([new Float64Array()], { seed: 1 }), RangeError);
});

Deno.test("percentileInterval() covers the true ratio of two means about as often as it says", () => {
  // Costs of a cheap and a dear way that depend on how hard an example is: paired and skewed.
  const random = seededRandom(3);
  const n = 150;
  const trials = 200;
  const hardness = 0.3;
  let covered = 0;
  for (let trial = 0; trial < trials; trial++) {
    const hard = Float64Array.from({ length: n }, () => (random.uniform() < hardness ? 1 : 0));
    const cheap = hard.map((value) => 1 + 9 * value);
    const dear = hard.map((value) => 3 + 8 * value + 2 * random.uniform());
    const [a, b] = resampleMeans([cheap, dear], { replicates: 300, seed: trial });
    const [low, high] = percentileInterval(
      Float64Array.from(a as Float64Array, (value, index) => (b?.[index] as number) / value),
    );
    const truth = (3 + 8 * hardness + 1) / (1 + 9 * hardness);
    if (low <= truth && truth <= high) covered++;
  }
  // 95% of 200, give or take three standard errors.
  assert(covered >= 0.9 * trials && covered <= 0.997 * trials, `${covered} of ${trials}`);
});

Deno.test("quantile() interpolates", () => {
  const sorted = Float64Array.of(0, 10, 20);
  assertEquals([0, 0.25, 0.5, 1].map((share) => quantile(sorted, share)), [0, 5, 10, 20]);
});

Deno.test("standardError() is that of the sample", () => {
  assertEquals(mean(Float64Array.of(1, 3)), 2);
  assertAlmostEquals(standardError(Float64Array.of(1, 3)), 1);
  assertEquals(standardError(Float64Array.of(1)), 0);
});
