import { assertEquals } from "@std/assert";
import { bindPolicy } from "../../bind.ts";
import type { PolicyDocument } from "../../document.ts";
import { compileSelector } from "../../selector.ts";
import { runPoints } from "./run_points.ts";
import { allRows, simulate } from "./simulate.ts";
import { syntheticTrace } from "../../../tests/harness/generators/traces.ts";

const TRACE = syntheticTrace({ count: 300 });

const DOCUMENT: PolicyDocument = {
  pair: TRACE.pair,
  models: TRACE.models,
  nodes: {
    small: { class: "threshold", feature: "margin", actions: ["exit", "medium", "large"] },
    medium: {
      class: "linear",
      actions: ["exit", "large"],
      features: ["margin", "agreement", "small.entropy"],
      mean: [0.5, 0.5, 1],
      scale: [0.3, 0.5, 1],
      scores: [{ bias: 0, weights: [1, 1, -0.5] }],
    },
  },
  points: [
    { id: "p00", nodes: { small: { thresholds: [2, 0.5] }, medium: { thresholds: [9] } } },
    { id: "p01", nodes: { small: { thresholds: [0.95, 0.5] }, medium: { thresholds: [1] } } },
    { id: "p02", nodes: { small: { thresholds: [0.4, 0.2] }, medium: { thresholds: [-1] } } },
  ],
  active: "p00",
  provenance: { method: "hand-set" },
};

for (const combine of ["last", "mean"] as const) {
  Deno.test(`runPoints() does what the selectors do, combine ${combine}`, () => {
    const policy = bindPolicy({ ...DOCUMENT, combine }, TRACE);
    const rows = allRows(TRACE).subarray(20);
    const expected = DOCUMENT.points.map(({ id }) => {
      return simulate(TRACE, rows, compileSelector(policy, id), { policyMs: 0.25 });
    });
    assertEquals(runPoints(TRACE, rows, policy, { policyMs: 0.25 }), expected);
  });
}
