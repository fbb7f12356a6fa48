import { assert, assertEquals } from "@std/assert";
import { seededRandom } from "./random.ts";
import { allowedFailures, countBroken, countDraws } from "./resample.ts";

Deno.test("countBroken() counts draws with a certificate below the population's mean", () => {
  // Means 0.25 and 0.5.
  const population = [Float64Array.of(1, 0, 0, 0), Float64Array.of(1, 1, 0, 0)];
  const options = () => ({ n: 10, draws: 20, random: seededRandom(1) });
  const always = (...alphas: number[]) => () => alphas.map((alpha) => [{ alpha }]);
  assertEquals(countBroken(population, always(0.25, 0.5), options()).broken, 0);
  assertEquals(countBroken(population, always(0.25, 0.4), options()).broken, 20);
  assertEquals(countBroken(population, always(0.2), options()).broken, 20);
  const { promising, broken } = countBroken(population, () => [[], []], options());
  assertEquals([promising, broken], [0, 0]);
});

Deno.test("countDraws() draws the same rows for every setting, with replacement", () => {
  const population = [Float64Array.of(0, 1, 2), Float64Array.of(0, 10, 20)];
  const seen = new Set<number>();
  countDraws(population, ([first, second]) => {
    assertEquals(first?.map((value) => 10 * value), second);
    seen.add(new Set(first).size);
    return false;
  }, { n: 3, draws: 50, random: seededRandom(1) });
  assert(seen.has(1) || seen.has(2));
});

Deno.test("allowedFailures() leaves two standard errors", () => {
  assertEquals(allowedFailures(0.05, 200), Math.floor(10 + 2 * Math.sqrt(9.5)));
});
