import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import fc from "fast-check";
import { ALARM_BETS, INTERVAL_BETS, logCapital, logFactors } from "./bets.ts";

const SIGNED = [-1, 0, 1];
const COUNTS = fc.array(fc.nat(2000), { minLength: 3, maxLength: 3 });
const MEAN = fc.double({ min: -0.999, max: 1, noNaN: true });

function capitalOf(counts: number[], mean: number, values = SIGNED): number {
  return logCapital(counts, logFactors(values, mean, INTERVAL_BETS), INTERVAL_BETS);
}

Deno.test("logCapital() is what betting comes to, by hand", () => {
  const bets = [{ stake: 0.5, weight: 0.25 }, { stake: 1, weight: 0.75 }];
  const factors = logFactors([0, 1], 0.25, bets);
  // Odds are 4 to 1: half the capital becomes 2 of it, all becomes 4.
  assertAlmostEquals(logCapital([0, 1], factors, bets), Math.log(0.25 * 2.5 + 0.75 * 4), 1e-7);
  assertAlmostEquals(
    logCapital([0, 2], factors, bets),
    Math.log(0.25 * 2.5 ** 2 + 0.75 * 4 ** 2),
    1e-7,
  );
  // Who bets all loses all.
  assertAlmostEquals(logCapital([2, 1], factors, bets), Math.log(0.25 * 2.5 * 0.5 ** 2));
  assertEquals(logCapital([1, 1], logFactors([0, 1], 0.25, [bets[1]!]), [bets[1]!]), -Infinity);
  assertAlmostEquals(logCapital([0, 0], factors, bets), 0, 1e-7);
});

Deno.test("logCapital() is 1 on average at the mean that is bet against, less below it", () => {
  const n = 8;
  const factorial = (k: number): number => k < 2 ? 1 : k * factorial(k - 1);
  for (const bets of [INTERVAL_BETS, ALARM_BETS]) {
    const average = ([better, none, worse]: [number, number, number], mean: number) => {
      const factors = logFactors(SIGNED, mean, bets);
      let sum = 0;
      for (let minus = 0; minus <= n; minus++) {
        for (let plus = 0; plus + minus <= n; plus++) {
          const zero = n - minus - plus;
          const ways = factorial(n) / (factorial(minus) * factorial(zero) * factorial(plus));
          sum += ways * better ** minus * none ** zero * worse ** plus *
            Math.exp(logCapital([minus, zero, plus], factors, bets));
        }
      }
      return sum;
    };
    assertAlmostEquals(average([0.1, 0.6, 0.3], 0.2), 1, 1e-12);
    assertAlmostEquals(average([0.5, 0.3, 0.2], -0.3), 1, 1e-12);
    assert(average([0.2, 0.6, 0.2], 0.2) < 1);
  }
});

Deno.test("logCapital() falls as the mean rises that is bet against", () => {
  fc.assert(fc.property(COUNTS, MEAN, MEAN, (counts, one, other) => {
    const low = capitalOf(counts, Math.min(one, other));
    assert(capitalOf(counts, Math.max(one, other)) <= low + 1e-9 * (1 + Math.abs(low)));
  }));
});

Deno.test("logCapital() stays a number for many millions of observations", () => {
  for (const counts of [[1e8, 1e9, 3e8], [0, 1e9, 0], [1e9, 0, 0], [0, 0, 1e9]]) {
    assert(!Number.isNaN(capitalOf(counts, 0.01)));
  }
});

Deno.test("bets begin with a capital of 1", () => {
  for (const bets of [INTERVAL_BETS, ALARM_BETS]) {
    assertAlmostEquals(bets.reduce((sum, { weight }) => sum + weight, 0), 1, 1e-12);
    assert(bets.every(({ stake }) => stake > 0 && stake <= 1));
  }
});
