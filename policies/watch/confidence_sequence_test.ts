import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { upperBoundBinomial } from "../learn/stats/binomial.ts";
import { seededRandom } from "../learn/stats/random.ts";
import { allowedFailures } from "../learn/stats/resample.ts";
import { INTERVAL_BETS, logCapital, logFactors } from "./bets.ts";
import { confidenceInterval, lowerLimit, upperLimit } from "./confidence_sequence.ts";
import { bernoulli, everMisses } from "../../tests/harness/generators/watch_streams.ts";

const SIGNED = [-1, 0, 1];
const DELTA = fc.double({ min: 0.001, max: 0.5, noNaN: true });
const COUNTS = fc.array(fc.nat(3000), { minLength: 3, maxLength: 3 });
/** What the last step of the search may hide. */
const SLACK = 5e-9;

Deno.test("confidenceInterval() is the whole range before anything was observed", () => {
  assertEquals(confidenceInterval([0, 0], 0.05), { lower: 0, upper: 1 });
  assertEquals(confidenceInterval([0, 0, 0], 0.05, SIGNED), { lower: -1, upper: 1 });
});

Deno.test("confidenceInterval() after one observation, by hand", () => {
  // Σ w (1 + θ (1/m − 1)) = 2/δ
  const weights = Array.from({ length: 21 }, (_, index) => 1 / (index + 2));
  const sum = weights.reduce((total, weight) => total + weight);
  const stake = weights.reduce((total, weight, index) => total + weight / sum * 2 ** -index, 0);
  const expected = 1 / (1 + (2 / 0.1 - 1) / stake);
  const { lower, upper } = confidenceInterval([0, 1], 0.1);
  assertAlmostEquals(lower, expected, 1e-8);
  assertEquals(upper, 1);
  assertAlmostEquals(confidenceInterval([1, 0], 0.1).upper, 1 - expected, 1e-8);
});

Deno.test("confidenceInterval() ends where betting makes 2/δ", () => {
  const { lower, upper } = confidenceInterval([30, 900, 70], 0.05, SIGNED);
  const won = (counts: number[], mean: number) =>
    Math.exp(logCapital(counts, logFactors(SIGNED, mean, INTERVAL_BETS), INTERVAL_BETS));
  assertAlmostEquals(won([30, 900, 70], lower), 40, 0.001);
  assertAlmostEquals(won([70, 900, 30], -upper), 40, 0.001);
});

Deno.test("confidenceInterval() has the observed mean in it and stays within the range", () => {
  fc.assert(fc.property(COUNTS, DELTA, (counts, delta) => {
    const { lower, upper } = confidenceInterval(counts, delta, SIGNED);
    assert(lower >= -1 && upper <= 1);
    const n = counts.reduce((sum, count) => sum + count);
    if (n === 0) return;
    const mean = (counts[2]! - counts[0]!) / n;
    assert(lower <= mean && mean <= upper);
  }));
});

Deno.test("confidenceInterval() shrinks with more of the same, and grows with certainty", () => {
  fc.assert(
    fc.property(COUNTS, DELTA, DELTA, fc.integer({ min: 2, max: 50 }), (counts, a, b, times) => {
      const { lower, upper } = confidenceInterval(counts, Math.max(a, b), SIGNED);
      const more = confidenceInterval(counts.map((n) => times * n), Math.max(a, b), SIGNED);
      assert(more.lower >= lower - SLACK && more.upper <= upper + SLACK);
      const surer = confidenceInterval(counts, Math.min(a, b), SIGNED);
      assert(surer.lower <= lower + SLACK && surer.upper >= upper - SLACK);
    }),
  );
});

Deno.test("confidenceInterval() goes with scale and shift, and turns with the values", () => {
  const { lower, upper } = confidenceInterval([40, 900, 60], 0.05, SIGNED);
  const scaled = confidenceInterval([40, 900, 60], 0.05, [1, 3, 5]);
  assertAlmostEquals(scaled.lower, 3 + 2 * lower, 1e-8);
  assertAlmostEquals(scaled.upper, 3 + 2 * upper, 1e-8);
  const turned = confidenceInterval([60, 900, 40], 0.05, SIGNED);
  assertEquals([turned.lower, turned.upper], [-upper, -lower]);
});

Deno.test("confidenceInterval() is at most twice as wide as an interval for one time only", () => {
  for (const [errors, n] of [[20, 1000], [50, 10_000], [2000, 10_000], [20_000, 1e6]] as const) {
    const { lower, upper } = confidenceInterval([n - errors, errors], 0.05);
    const once = upperBoundBinomial(errors, n, 0.025) - 1 +
      upperBoundBinomial(n - errors, n, 0.025);
    assert(upper - lower < 2 * once, `${errors} of ${n}: ${(upper - lower) / once} times as wide`);
  }
  // Three in n is what one look would say.
  assert(upperLimit([1000, 0], 0.05) < 5 / 1000);
});

Deno.test("lowerLimit() and upperLimit() ever miss with a chance of at most δ, by enumeration", () => {
  const n = 300;
  const delta = 0.1;
  for (const rate of [0.01, 0.1, 0.5]) {
    const missing = { lower: 0, upper: 0 };
    for (const side of ["lower", "upper"] as const) {
      const [values, mean] = side === "lower" ? [[0, 1], rate] : [[-1, 0], -rate];
      const factors = logFactors(values, mean, INTERVAL_BETS);
      // Chance of so many ones so far, and of no miss.
      let chances = [1];
      for (let time = 1; time <= n; time++) {
        chances = Array.from({ length: time + 1 }, (_, ones) => {
          const chance = (chances[ones] ?? 0) * (1 - rate) + (chances[ones - 1] ?? 0) * rate;
          const counts = side === "lower" ? [time - ones, ones] : [ones, time - ones];
          if (logCapital(counts, factors, INTERVAL_BETS) < Math.log(1 / delta)) return chance;
          missing[side] += chance;
          return 0;
        });
      }
      assert(missing[side] <= delta, `${side} end at ${rate}: ${missing[side]}`);
    }
    // It is not merely valid: a bound for one time would be missed up to δ at that time alone.
    assert(missing.lower + missing.upper > 0.01);
  }
});

Deno.test("limits exclude a mean where its capital says so", () => {
  fc.assert(
    fc.property(COUNTS, fc.double({ min: -0.9, max: 0.9, noNaN: true }), (counts, mean) => {
      const factors = logFactors(SIGNED, mean, INTERVAL_BETS);
      const excess = logCapital(counts, factors, INTERVAL_BETS) - Math.log(1 / 0.05);
      if (Math.abs(excess) < 1e-4) return;
      assertEquals(lowerLimit(counts, 0.05, SIGNED) >= mean - SLACK, excess > 0);
    }),
  );
});

for (
  const [name, distribution, n] of [
    ["a rate of 0.005", bernoulli(0.005), 100_000],
    ["a rate of 0.02", bernoulli(0.02), 100_000],
    ["a rate of 0.2", bernoulli(0.2), 10_000],
    ["−1, 0 and 1", { values: SIGNED, chances: [0.01, 0.97, 0.02] }, 20_000],
  ] as const
) {
  Deno.test(`confidenceInterval() ever misses ${name} in a share of at most δ of streams`, () => {
    const random = seededRandom(1);
    const streams = 200;
    let missed = 0;
    for (let stream = 0; stream < streams; stream++) {
      if (everMisses(distribution, n, 0.05, random)) missed++;
    }
    // Two standard errors of a share of exactly δ are allowed.
    assert(missed <= allowedFailures(0.05, streams), `${missed} of ${streams}`);
  });
}

Deno.test("confidenceInterval() refuses what cannot be", () => {
  assertThrows(() => confidenceInterval([1, 2], 0.6), RangeError, "at most 0.5, got 0.6");
  assertThrows(() => confidenceInterval([1, 2, 3], 0.05), RangeError, "got [1,2,3]");
  assertThrows(() => confidenceInterval([1, -2], 0.05), RangeError, "got [1,-2]");
  assertThrows(() => confidenceInterval([1, 0.5], 0.05), RangeError, "got [1,0.5]");
  assertThrows(() => confidenceInterval([1, 2], 0.05, [1, 0]), RangeError, "ascending, got [1,0]");
  assertThrows(() => confidenceInterval([1], 0.05, [1]), RangeError, "two values or more");
});
