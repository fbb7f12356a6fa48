import { assertEquals, assertThrows } from "@std/assert";
import { binOf, checkReference, confidenceReference, exitReference } from "./reference.ts";

Deno.test("binOf() counts the edges that a value reaches", () => {
  const bins = [0, 0.49, 0.5, 0.89, 0.9, 1].map((value) => binOf(value, [0.5, 0.9]));
  assertEquals(bins, [0, 0, 1, 1, 2, 2]);
});

Deno.test("confidenceReference() puts bins into words", () => {
  const reference = confidenceReference({
    node: "small",
    edges: [0.5, 0.999],
    counts: [1, 2, 1],
  });
  assertEquals(reference, {
    name: "confidence of small",
    bins: [
      "small is less than 50% sure of",
      "small is 50% to 99.9% sure of",
      "small is at least 99.9% sure of",
    ],
    unit: "of its requests",
    counts: [1, 2, 1],
  });
});

Deno.test("checkReference() refuses what nothing can be compared with", () => {
  const check = (counts: Record<string, number>) => () => checkReference(exitReference(counts));
  assertThrows(
    check({ small: 0, large: 0 }),
    RangeError,
    "Cannot watch exits: expected one example",
  );
  assertThrows(check({ small: -1, large: 5 }), RangeError, "got [-1,5]");
  const short = { ...exitReference({ small: 1, large: 1 }), counts: [1] };
  assertThrows(() => checkReference(short), RangeError, "each of 2 bins, got [1]");
});
