import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import type { Combine } from "./combine.ts";
import { compileFeatures, FEATURE_NAMES } from "./features.ts";

const PROBABILITIES = [0.05, 0.5, 0.1, 0.3, 0.03, 0.02];
const LOGITS = Float32Array.from(PROBABILITIES, Math.log);

/** Features that look at the node before. */
const RELATIVE = ["agreement", "top_5_overlap", "previous_class_probability", "divergence"];

const SOFTMAX_FEATURES = FEATURE_NAMES.filter((name) =>
  !RELATIVE.includes(name) && name !== "log_sum_exp"
);

/** Features that may be negative. */
const LOGARITHMS = /log_odds|log_sum_exp/;

/** Any logits that a network may answer with, up to the limits of the datatype. */
const anyLogits = fc.integer({ min: 1, max: 20 }).chain(logitsOf);

function logitsOf(length: number): fc.Arbitrary<Float32Array> {
  return fc.array(fc.float({ noNaN: true, noDefaultInfinity: true }), {
    minLength: length,
    maxLength: length,
  }).map((values) => Float32Array.from(values));
}

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
    ["log_odds", 0],
    ["class_3", 0.3],
    ["pooled_margin", 0.2],
  ] as const
) {
  Deno.test(`compileFeatures() reads ${feature}`, () => {
    assertAlmostEquals(read(feature, LOGITS), expected, 1e-6);
  });
}

Deno.test("compileFeatures() divides logits by the temperature", () => {
  const logits = Float32Array.of(4, 0);
  assertAlmostEquals(read("max_probability", logits, 2), 1 / (1 + Math.exp(-2)));
  assertAlmostEquals(read("log_sum_exp", logits, 2), Math.log(Math.exp(2) + 1), 1e-7);
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

Deno.test("compileFeatures() compares the answers of neighbours", () => {
  const first = [0.7, 0.2, 0.1, 0, 0, 0, 0];
  const second = [0.25, 0.5, 0, 0.05, 0.04, 0.15, 0.01];
  const features = ["top_5_overlap", "previous_class_probability", "divergence"];
  const logits = new Map([
    ["a", Float32Array.from(first, (p) => Math.log(p + 1e-30))],
    ["b", Float32Array.from(second, (p) => Math.log(p + 1e-30))],
  ]);
  const [overlap, probability] = compileFeatures(features, ["a", "b"])(logits);
  // The top five are 0, 1, 2, 3, 4 (3 and 4 come first of those that tie) and 1, 0, 5, 3, 4.
  assertAlmostEquals(overlap as number, 0.8);
  assertAlmostEquals(probability as number, 0.25, 1e-6);

  const fair = Float32Array.of(0, 0);
  const unfair = Float32Array.from([0.75, 0.25], Math.log);
  const read = compileFeatures(["divergence"], ["a", "b"]);
  const [same] = read(new Map([["a", fair], ["b", fair]]));
  const [other] = read(new Map([["a", fair], ["b", unfair]]));
  assertEquals(same, 0);
  assertAlmostEquals(other as number, 0.75 * Math.log(1.5) + 0.25 * Math.log(0.5), 1e-6);
});

Deno.test("compileFeatures() pools the probabilities of the nodes so far", () => {
  const features = ["pooled_max_probability", "b.pooled_margin", "a.pooled_max_probability"];
  const values = compileFeatures(features, ["a", "b", "c"])(
    new Map([
      ["a", Float32Array.from([0.9, 0.1], Math.log)],
      ["b", Float32Array.from([0.4, 0.6], Math.log)],
      ["c", Float32Array.from([0.2, 0.8], Math.log)],
    ]),
  );
  assertAlmostEquals(values[0] as number, 0.5, 1e-6);
  assertAlmostEquals(values[1] as number, 0.3, 1e-6);
  assertAlmostEquals(values[2] as number, 0.9, 1e-6);
});

Deno.test("compileFeatures() reads 0 beyond the number of classes", () => {
  const logits = Float32Array.of(1, 0);
  assertEquals(read("probability_3", logits), 0);
  assertEquals(read("probability_5", logits), 0);
  assertEquals(read("class_2", logits), 0);
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

Deno.test("compileFeatures() refuses to compare the first node", () => {
  for (const feature of ["agreement", "small.agreement"]) {
    const path = feature === "agreement" ? ["small"] : ["small", "large"];
    assertThrows(() => compileFeatures([feature], path), RangeError, "nothing to compare with");
  }
});

Deno.test("compileFeatures() reads finite values from any logits", () => {
  const path = ["earlier", "current"];
  const features = FEATURE_NAMES.flatMap((name) =>
    RELATIVE.includes(name) ? [name] : [name, `earlier.${name}`]
  );
  const classes = fc.integer({ min: 1, max: 20 });
  const bothLogits = classes.chain((length) => fc.tuple(logitsOf(length), logitsOf(length)));
  fc.assert(fc.property(bothLogits, anyTemperature, ([earlier, current], temperature) => {
    const values = compileFeatures(features, path, temperature)(
      new Map(Object.entries({
        earlier,
        current,
      })),
    );
    assert(values.every(Number.isFinite), `${values}`);
    assert(
      values.every((value, index) => LOGARITHMS.test(features[index] as string) || value >= 0),
    );
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

Deno.test("pooled features look at the learned pool where one answers, else at the mean", () => {
  const logits = new Map([["a", Float32Array.of(1, 0)], ["b", Float32Array.of(0, 3)]]);
  const readPooled = (combine?: Combine) => {
    return compileFeatures(["pooled_log_odds"], ["a", "b"], 1, combine)(logits)[0]!;
  };
  // 1 · (1, 0) + 2 · (0, 3) = (1, 6).
  assertAlmostEquals(readPooled({ weights: { "a>b": [1, 2] } }), 5, 1e-6);
  const mean = (0.7310586 + 0.0474259) / 2;
  assertAlmostEquals(readPooled("last"), Math.log((1 - mean) / mean), 1e-5);
  assertAlmostEquals(readPooled(), readPooled("mean"), 1e-12);
  assertAlmostEquals(readPooled({ weights: {} }), readPooled("mean"), 1e-12);
});
