import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { combineAnswers, logMeanSoftmax } from "./combine.ts";
import { evidenceOf } from "../tests/harness/generators/policies.ts";

Deno.test("combineAnswers() gives the last node's logits as they are", () => {
  const evidence = evidenceOf(["small", [0.9, 0.1]], ["large", [0.2, 0.8]]);
  assert(combineAnswers("last", evidence) === evidence.logits.get("large"));
});

Deno.test("combineAnswers() gives the logarithm of the mean of the probabilities", () => {
  const evidence = evidenceOf(["a", [0.9, 0.1]], ["b", [0.2, 0.8]], ["c", [0.1, 0.9]]);
  const scores = combineAnswers("mean", evidence);
  assertAlmostEquals(Math.exp(scores[0]!), 0.4, 1e-6);
  assertAlmostEquals(Math.exp(scores[1]!), 0.6, 1e-6);
});

Deno.test("combineAnswers() counts only nodes on the path", () => {
  const { logits } = evidenceOf(["small", [0.9, 0.1]], ["large", [0.2, 0.8]]);
  assert(combineAnswers("mean", { path: ["small"], logits }) === logits.get("small"));
});

Deno.test("combineAnswers() refuses to answer before a model has run", () => {
  assertThrows(() => combineAnswers("mean", evidenceOf()), RangeError, "no model has run");
});

Deno.test("logMeanSoftmax() is finite for any logits and a probability after exp()", () => {
  const logits = fc.array(fc.float({ noNaN: true, noDefaultInfinity: true }), {
    minLength: 4,
    maxLength: 4,
  }).map((values) => Float32Array.from(values));
  const temperature = fc.double({ min: 0.01, max: 100, noNaN: true });
  fc.assert(fc.property(fc.array(logits, { minLength: 1, maxLength: 4 }), temperature, (all, t) => {
    const mean = logMeanSoftmax(all, t);
    assert(mean.every(Number.isFinite));
    const total = mean.reduce((sum, value) => sum + Math.exp(value), 0);
    assertAlmostEquals(total, 1, 1e-5);
  }));
});

Deno.test("logMeanSoftmax() of one answer is its softmax", () => {
  const scores = logMeanSoftmax([Float32Array.of(1, 3)], 2);
  assertEquals(scores.length, 2);
  assertAlmostEquals(Math.exp(scores[1]!), 1 / (1 + Math.exp(-1)), 1e-6);
});

Deno.test("combineAnswers() weighs the logits of every node of a pool's path", () => {
  const combine = { weights: { "a>b": [0.5, 2] } };
  const logits = new Map([["a", Float32Array.of(2, 4)], ["b", Float32Array.of(1, -1)]]);
  assertEquals([...combineAnswers(combine, { path: ["a", "b"], logits })], [3, 0]);
  // A path without weights is answered by its last node.
  assert(combineAnswers(combine, { path: ["a"], logits }) === logits.get("a"));
  assert(combineAnswers(combine, { path: ["b", "a"], logits }) === logits.get("a"));
});

Deno.test("combineAnswers() stays finite for any finite weights and logits", () => {
  const anyNumber = fc.float({ noNaN: true, noDefaultInfinity: true });
  fc.assert(fc.property(
    fc.array(fc.tuple(anyNumber, anyNumber, anyNumber), { minLength: 1, maxLength: 3 }),
    (nodes) => {
      const path = nodes.map((_, index) => `n${index}`);
      const logits = new Map(
        nodes.map(([, first, second], index) => [`n${index}`, Float32Array.of(first, second)]),
      );
      const weights = { [path.join(">")]: nodes.map(([weight]) => weight) };
      return combineAnswers({ weights }, { path, logits }).every(Number.isFinite);
    },
  ));
});
