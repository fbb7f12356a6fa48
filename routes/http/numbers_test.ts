import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import fc from "fast-check";
import { round, showCost, softmax } from "./numbers.ts";

Deno.test("softmax() gives what the formula does", () => {
  const [a = 0, b = 0, c = 0] = softmax(Float32Array.of(0, Math.log(2), Math.log(5)));
  assertAlmostEquals(a, 1 / 8, 1e-6);
  assertAlmostEquals(b, 2 / 8, 1e-6);
  assertAlmostEquals(c, 5 / 8, 1e-6);
});

for (
  const [logits, expected] of [
    [[1e4, -1e4], [1, 0]],
    [[-1e4, -1e4], [0.5, 0.5]],
    [[1e4, 1e4, 1e4, 1e4], [0.25, 0.25, 0.25, 0.25]],
    [[3e38, -3e38], [1, 0]],
    [[7], [1]],
  ] as const
) {
  Deno.test(`softmax() of ${logits} is ${expected}`, () => {
    assertEquals([...softmax(Float32Array.from(logits))], [...expected]);
  });
}

Deno.test("softmax() gives probabilities in the order of the logits that sum to 1", () => {
  const logit = fc.float({ min: -10_000, max: 10_000, noNaN: true });
  fc.assert(fc.property(fc.array(logit, { minLength: 1, maxLength: 20 }), (values) => {
    const logits = Float32Array.from(values);
    const probabilities = softmax(logits);
    assertAlmostEquals(probabilities.reduce((sum, p) => sum + p, 0), 1, 1e-5);
    assert(probabilities.every((p) => p >= 0 && p <= 1));
    const largest = logits.indexOf(Math.max(...logits));
    assertEquals(probabilities[largest], Math.max(...probabilities));
    assertEquals(logits, Float32Array.from(values), "the logits are left alone");
  }));
});

Deno.test("softmax() depends on differences of logits only", () => {
  const values = [0.25, -1.5, 3];
  const shifted = softmax(Float32Array.from(values, (value) => value + 512));
  assertEquals(shifted, softmax(Float32Array.from(values)));
});

Deno.test("round() keeps four decimals", () => {
  assertEquals([0.00014, 0.00016, 12.34567, 3].map(round), [0.0001, 0.0002, 12.3457, 3]);
});

/** Unit, cost, and how it is shown. */
const COSTS: [unit: string, cost: number | null | undefined, shown: number | null][] = [
  ["ms", 12.345678, 12.3457],
  ["ms", 0.00004, 0],
  ["ms", 0, 0],
  ["€", 0.0000123456789, 0.0000123457],
  ["€", 1234567.8, 1234570],
  ["€", 3e-9, 3e-9],
  ["€", 0.1 + 0.2, 0.3],
  ["€", 0, 0],
  ["€", undefined, null],
  ["ms", undefined, null],
  ["ms", null, null],
];

for (const [unit, cost, shown] of COSTS) {
  Deno.test(`showCost() of ${cost} ${unit} is ${shown}`, () => {
    assertEquals(showCost({ unit }, cost), shown);
  });
}
