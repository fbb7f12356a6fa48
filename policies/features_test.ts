import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { compileFeatures, FEATURE_NAMES } from "./features.ts";

const PROBABILITIES = [0.05, 0.5, 0.1, 0.3, 0.03, 0.02];
const LOGITS = Float32Array.from(PROBABILITIES, Math.log);

const SOFTMAX_FEATURES = FEATURE_NAMES.filter((name) =>
  name !== "agreement" && name !== "log_sum_exp"
);

/** Any logits that a network may answer with, up to the limits of the datatype. */
const anyLogits = fc.array(fc.float({ noNaN: true, noDefaultInfinity: true }), {
  minLength: 1,
  maxLength: 20,
}).map((values) => Float32Array.from(values));

const anyTemperature = fc.double({ min: 0.01, max: 100, noNaN: true });

function read(feature: string, logits: Float32Array, temperature?: number): number {
  const [value] = compileFeatures([feature], ["only"], temperature)(new Map([["only", logits]]));
  return value as number;
}

for (
  const [feature, expected] of [
    ["max_probability", 0.5],
    ["margin", 0.2],
    ["entropy", -PROBABILITIES.reduce((sum, p) => sum + p * Math.log(p), 0)],
    ["log_sum_exp", 0],
    ["probability_1", 0.5],
    ["probability_2", 0.3],
    ["probability_3", 0.1],
    ["probability_4", 0.05],
    ["probability_5", 0.03],
    ["top_5_mass", 0.98],
  ] as const
) {
  Deno.test(`compileFeatures() reads ${feature}`, () => {
    assertAlmostEquals(read(feature, LOGITS), expected, 1e-6);
  });
}

Deno.test("compileFeatures() divides logits by the temperature", () => {
  const logits = Float32Array.of(4, 0);
  assertAlmostEquals(read("max_probability", logits, 2), 1 / (1 + Math.exp(-2)));
  assertAlmostEquals(read("log_sum_exp", logits, 2), Math.log(Math.exp(2) + 1));
});

Deno.test("compileFeatures() reads the current node and earlier ones", () => {
  const features = ["margin", "small.margin", "medium.margin"];
  const values = compileFeatures(features, ["small", "medium"])(
    new Map([
      ["small", Float32Array.from([0.6, 0.4], Math.log)],
      ["medium", Float32Array.from([0.1, 0.9], Math.log)],
    ]),
  );
  assertAlmostEquals(values[0] as number, 0.8, 1e-6);
  assertAlmostEquals(values[1] as number, 0.2, 1e-6);
  assertAlmostEquals(values[2] as number, 0.8, 1e-6);
});

Deno.test("compileFeatures() compares the predictions of neighbours for agreement", () => {
  const agreement = compileFeatures(["agreement", "b.agreement"], ["a", "b", "c"]);
  const first = Float32Array.of(1, 0, 0);
  const second = Float32Array.of(0, 1, 0);
  assertEquals([...agreement(new Map([["a", first], ["b", first], ["c", second]]))], [0, 1]);
  assertEquals([...agreement(new Map([["a", first], ["b", second], ["c", second]]))], [1, 0]);
});

Deno.test("compileFeatures() takes the first of tied classes for agreement", () => {
  const agreement = compileFeatures(["agreement"], ["a", "b"]);
  const tied = Float32Array.of(0, 2, 2);
  assertEquals([...agreement(new Map([["a", tied], ["b", Float32Array.of(0, 1, 0)]]))], [1]);
});

Deno.test("compileFeatures() reads 0 beyond the number of classes", () => {
  const logits = Float32Array.of(1, 0);
  assertEquals(read("probability_3", logits), 0);
  assertEquals(read("probability_5", logits), 0);
  assertEquals(read("margin", Float32Array.of(7)), 1);
});

Deno.test("compileFeatures() refuses a feature that does not exist", () => {
  for (const feature of ["confidence", "small.confidence", "", "small.", "toString"]) {
    assertThrows(() => compileFeatures([feature], ["small"]), RangeError, "there is no feature");
  }
});

Deno.test("compileFeatures() refuses a node that has not run", () => {
  assertThrows(
    () => compileFeatures(["medium.margin"], ["small", "large"]),
    RangeError,
    "medium has not run on the path small>large, expected one of small, large",
  );
  assertThrows(() => compileFeatures(["margin"], []), RangeError, "no model has run at start");
});

Deno.test("compileFeatures() refuses agreement of the first node", () => {
  for (const feature of ["agreement", "small.agreement"]) {
    const path = feature === "agreement" ? ["small"] : ["small", "large"];
    assertThrows(() => compileFeatures([feature], path), RangeError, "nothing to agree with");
  }
});

Deno.test("compileFeatures() reads finite values from any logits", () => {
  const path = ["earlier", "current"];
  const features = FEATURE_NAMES.flatMap((name) =>
    name === "agreement" ? [name] : [name, `earlier.${name}`]
  );
  fc.assert(fc.property(anyLogits, anyLogits, anyTemperature, (earlier, current, temperature) => {
    const values = compileFeatures(features, path, temperature)(
      new Map(Object.entries({
        earlier,
        current,
      })),
    );
    assert(values.every(Number.isFinite), `${values}`);
    assert(values.every((value, index) => features[index]?.endsWith("exp") || value >= 0));
  }));
});

Deno.test("compileFeatures() reads sorted probabilities that sum to at most 1", () => {
  const ranks = compileFeatures(
    ["probability_1", "probability_2", "probability_3", "probability_4", "probability_5"],
    ["only"],
  );
  fc.assert(fc.property(anyLogits, (logits) => {
    const probabilities = ranks(new Map([["only", logits]]));
    assertEquals(probabilities, probabilities.toSorted().toReversed());
    const mass = probabilities.reduce((sum, probability) => sum + probability);
    assert(mass <= 1 + 1e-12 && read("top_5_mass", logits) <= 1);
    if (logits.length <= 5) assertAlmostEquals(mass, 1, 1e-12);
  }));
});

Deno.test("compileFeatures() does not see a shift of all logits", () => {
  // Integers of this size stay exact in 32 bits after the shift.
  const integers = fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 1, maxLength: 12 });
  const softmax = compileFeatures(SOFTMAX_FEATURES, ["only"]);
  fc.assert(fc.property(integers, fc.integer({ min: -1e6, max: 1e6 }), (values, shift) => {
    const plain = softmax(new Map([["only", Float32Array.from(values)]]));
    const shifted = softmax(new Map([["only", Float32Array.from(values, (v) => v + shift)]]));
    assertEquals(shifted, plain);
  }));
});
