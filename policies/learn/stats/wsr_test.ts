import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { seededRandom } from "./random.ts";
import { allowedFailures, drawRows, take } from "./resample.ts";
import { upperBoundWsr } from "./wsr.ts";

const VALUES = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 1 })
  .map((values) => Float64Array.from(values));
const DELTA = fc.double({ min: 0.001, max: 0.5, noNaN: true });

function meanOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value) / values.length;
}

Deno.test("upperBoundWsr() is wrong in a share of at most delta of all draws", () => {
  const delta = 0.1;
  const draws = 400;
  const populations = {
    rare: Float64Array.from({ length: 50 }, (_, row) => row < 2 ? 1 : 0),
    signed: Float64Array.from({ length: 50 }, (_, row) => row < 6 ? 1 : row < 10 ? -1 : 0),
    costs: Float64Array.from({ length: 50 }, (_, row) => [-1, -1, -1, -0.6, 1][row % 5] as number),
    high: Float64Array.from({ length: 50 }, (_, row) => row < 3 ? -1 : 1),
  };
  for (const [name, population] of Object.entries(populations)) {
    const random = seededRandom(1);
    let wrong = 0;
    let slack = 0;
    for (let draw = 0; draw < draws; draw++) {
      const values = take(population, drawRows(population.length, 300, random));
      const bound = upperBoundWsr(values, delta, { seed: draw });
      if (bound < meanOf(population)) wrong++;
      slack += (bound - meanOf(population)) / draws;
    }
    const message = `${name}: wrong in ${wrong} of ${draws}, ${slack} above the mean`;
    assert(wrong <= allowedFailures(delta, draws), message);
    // It is of use: a bound that knows no variance (Hoeffding) is 0.12 above.
    assert(slack < 0.12, message);
  }
});

Deno.test("upperBoundWsr() is no less than the observed mean and no more than the range", () => {
  fc.assert(fc.property(VALUES, DELTA, (values, delta) => {
    const bound = upperBoundWsr(values, delta);
    assert(bound >= meanOf(values) - 1e-12 && bound <= 1);
  }));
});

Deno.test("upperBoundWsr() grows with certainty", () => {
  const values = Float64Array.from({ length: 500 }, (_, row) => row % 10 === 0 ? 1 : 0);
  const bounds = [0.5, 0.1, 0.05, 0.01, 0.001].map((delta) => upperBoundWsr(values, delta));
  assertEquals(bounds, bounds.toSorted((a, b) => a - b));
  assertEquals(new Set(bounds).size, bounds.length);
});

Deno.test("upperBoundWsr() goes with scale and shift, and with the seed alone", () => {
  const values = Float64Array.from({ length: 200 }, (_, row) => row % 4 === 0 ? 1 : -1);
  const bound = upperBoundWsr(values, 0.05);
  const scaled = upperBoundWsr(values.map((value) => 3 + 2 * value), 0.05, { low: 1, high: 5 });
  assert(Math.abs(scaled - (3 + 2 * bound)) < 1e-5);
  assertEquals(upperBoundWsr(values, 0.05, { seed: 0 }), bound);
  assert(upperBoundWsr(values, 0.05, { seed: 1 }) !== bound);
});

Deno.test("upperBoundWsr() knows a constant", () => {
  assertEquals(upperBoundWsr(Float64Array.of(2, 2), 0.05, { low: 2, high: 2 }), 2);
});

Deno.test("upperBoundWsr() refuses values and ranges that cannot be", () => {
  const bound = (...values: number[]) => () => upperBoundWsr(Float64Array.from(values), 0.05);
  assertThrows(bound(), RangeError, "one value or more");
  assertThrows(bound(0, 1.5), RangeError, "from -1 to 1, got 1.5 at 1");
  assertThrows(bound(NaN), RangeError, "got NaN at 0");
  const range = () => upperBoundWsr(Float64Array.of(1), 0.05, { low: 2, high: 1 });
  assertThrows(range, RangeError, "expected 2 to 1 ascending");
});
