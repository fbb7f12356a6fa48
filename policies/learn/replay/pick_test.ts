import { assert, assertEquals, assertThrows } from "@std/assert";
import type { PolicyDocument } from "../../document.ts";
import { keepPicked, lookAtPoints, pickWithin } from "./pick.ts";
import { allRows } from "./simulate.ts";
import { syntheticTrace } from "../../../tests/harness/generators/traces.ts";

const TRACE = syntheticTrace({ count: 800 });
const THRESHOLDS = [1, 0.99, 0.9, 0.7, 0.5, 0.3, 0.2, 0.1, 0.05, 0];
const DOCUMENT: PolicyDocument = {
  pair: TRACE.pair,
  models: TRACE.models,
  nodes: { small: { class: "threshold", feature: "margin", actions: ["exit", "large"] } },
  points: THRESHOLDS.map((threshold, index) => {
    return { id: `q${index}`, nodes: { small: { thresholds: [threshold] } } };
  }),
  active: "q0",
  provenance: { method: "for a test" },
};

Deno.test("keepPicked() keeps the order and names points anew", () => {
  const { document, names } = keepPicked(DOCUMENT, [4, -1, 2, 4, 9]);
  assertEquals(document.points.map(({ id }) => id), ["p1", "p2", "p3"]);
  const settings = document.points.map(({ nodes }) => nodes.small?.thresholds[0]);
  assertEquals(settings, [0.9, 0.5, 0]);
  assertEquals(Object.fromEntries(names), { q2: "p1", q4: "p2", q9: "p3" });
  assertEquals(document.active, "p2");
});

Deno.test("keepPicked() keeps eight points at most, those that are wanted most", () => {
  const { document } = keepPicked(DOCUMENT, [9, 8, 7, 6, 5, 4, 3, 2, 1, 0]);
  const settings = document.points.map(({ nodes }) => nodes.small?.thresholds[0]);
  assertEquals(settings, THRESHOLDS.slice(2));
});

Deno.test("keepPicked() leaves the full model active where no point was proved", () => {
  const { document } = keepPicked({ ...DOCUMENT, active: "always:large" }, [-1, 3]);
  assertEquals(document.active, "always:large");
  assertThrows(() => keepPicked(DOCUMENT, [-1]), RangeError, "none is wanted");
});

Deno.test("pickWithin() picks the cheapest point for every loss", () => {
  const candidates = lookAtPoints(TRACE, DOCUMENT, allRows(TRACE), { kind: "top1", policyMs: 0 });
  assertEquals(candidates.length, THRESHOLDS.length);
  const levels = [0, 0.01, 0.03, 1];
  const picked = pickWithin(TRACE, candidates, levels);
  assertEquals(picked.at(-1), THRESHOLDS.length - 1);
  picked.forEach((index, at) => {
    const { loss } = candidates[index]!;
    assert(loss <= levels[at]!);
  });
  assertEquals(picked, picked.toSorted((a, b) => a - b));
});
