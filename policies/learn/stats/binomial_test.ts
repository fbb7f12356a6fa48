import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { examplesNeeded, upperBoundBinomial } from "./binomial.ts";
import { binomialPmf } from "./distributions.ts";

const SCIPY = JSON.parse(
  await Deno.readTextFile(new URL("../../../tests/fixtures/scipy/bounds.json", import.meta.url)),
) as { binomial: [number, number, number, number][] };

const DELTA = fc.double({ min: 1e-6, max: 0.5, noNaN: true });
const COUNTS = fc.integer({ min: 1, max: 5000 })
  .chain((n) => fc.tuple(fc.integer({ min: 0, max: n - 1 }), fc.constant(n)));

Deno.test("upperBoundBinomial() agrees with scipy", () => {
  for (const [errors, n, delta, expected] of SCIPY.binomial) {
    const bound = upperBoundBinomial(errors, n, delta);
    assertAlmostEquals(bound / expected, 1, 1e-7, `${errors} of ${n} at ${delta}: ${bound}`);
  }
});

Deno.test("upperBoundBinomial() proves 1% from 0.40% of 1,000, 0.76% of 5,000 and 0.83% of 10,000", () => {
  const most = (n: number) => {
    let errors = 0;
    while (upperBoundBinomial(errors + 1, n, 0.05) <= 0.01) errors++;
    return errors / n;
  };
  assertEquals([1000, 5000, 10000].map(most), [0.0040, 0.0076, 0.0083]);
});

Deno.test("upperBoundBinomial() is above the observed rate, and grows with errors and certainty", () => {
  fc.assert(fc.property(COUNTS, DELTA, DELTA, ([errors, n], a, b) => {
    const bound = upperBoundBinomial(errors, n, Math.max(a, b));
    assert(bound > errors / n && bound <= 1);
    assert(upperBoundBinomial(errors + 1, n, Math.max(a, b)) > bound);
    // Deltas that differ in the last digit may give bounds that do.
    assert(upperBoundBinomial(errors, n, Math.min(a, b)) >= bound - 1e-9);
  }));
});

Deno.test("upperBoundBinomial() is wrong with a chance of at most delta, by enumeration", () => {
  const n = 40;
  for (const delta of [0.5, 0.1, 0.01]) {
    const bounds = Array.from({ length: n + 1 }, (_, errors) => {
      return upperBoundBinomial(errors, n, delta);
    });
    for (let rate = 0.005; rate < 1; rate += 0.005) {
      const wrong = bounds.reduce((sum, bound, errors) => {
        return bound < rate ? sum + binomialPmf(errors, n, rate) : sum;
      }, 0);
      assert(wrong <= delta + 1e-9, `${wrong} at rate ${rate}, expected at most ${delta}`);
    }
  }
});

Deno.test("upperBoundBinomial() refuses numbers out of range", () => {
  assertThrows(() => upperBoundBinomial(0, 0, 0.05), RangeError, "one example or more, got 0");
  assertThrows(() => upperBoundBinomial(3, 2, 0.05), RangeError, "0 to 2 errors, got 3");
  assertThrows(() => upperBoundBinomial(0.5, 2, 0.05), RangeError, "got 0.5");
  assertThrows(() => upperBoundBinomial(0, 2, 0), RangeError, "delta above 0");
  assertThrows(() => upperBoundBinomial(0, 2, NaN), RangeError, "delta above 0");
});

Deno.test("examplesNeeded() is where a policy without errors begins to pass", () => {
  for (const alpha of [0.005, 0.01, 0.05]) {
    const n = examplesNeeded(alpha, 0.05);
    assert(upperBoundBinomial(0, n, 0.05) <= alpha);
    assert(upperBoundBinomial(0, n - 1, 0.05) > alpha);
  }
});
