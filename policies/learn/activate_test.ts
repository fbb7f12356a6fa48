import { assertEquals, assertThrows } from "@std/assert";
import type { Certificate, OperatingPoint } from "../document.ts";
import { parsePolicy } from "../parse.ts";
import { changed } from "../../tests/harness/generators/policies.ts";
import { activate, type ActivationRule, type CertifiedFamily, isProved } from "./activate.ts";

/** A point with so much proved of its mean cost, and of its loss. */
function point(id: string, cost: number, ...alphas: number[]): OperatingPoint {
  return {
    id,
    nodes: {},
    certificates: alphas.map((alpha): Certificate => ({
      loss: "signed",
      alpha,
      delta: 0.025,
      n: 1000,
      risk: 0,
      bound: alpha,
      method: "trinomial",
      split: "calibration",
    })),
    cost_bound: { delta: 0.05, n: 1000, mean: cost, bound: cost },
  };
}

const FAMILY: CertifiedFamily = {
  points: [
    point("p1", 6, 0.01, 0.05),
    point("p2", 4, 0.01, 0.05),
    point("p3", 2, 0.05),
    point("p4", 1),
  ],
  alphas: [0.001, 0.01, 0.05],
  full: "large",
};

const byCost = (limit: number, maxLoss?: number): ActivationRule => {
  return { by: "cost", limit, budget: { maxLoss, maxCost: limit }, fullCost: 6 };
};

const CASES: readonly (readonly [
  what: string,
  rule: ActivationRule,
  active: string,
  certified: boolean,
])[] = [
  ["the fastest point that is proved to keep a loss", { by: "loss", maxLoss: 0.01 }, "p2", true],
  ["a faster one for a larger loss", { by: "loss", maxLoss: 0.05 }, "p3", true],
  ["the full model where no loss is proved", { by: "loss", maxLoss: 0.001 }, "always:large", false],
  [
    "the point that is expected to keep a loss, with its proof",
    { by: "expectation", maxLoss: 0.05, index: 2 },
    "p3",
    true,
  ],
  [
    "the point that is expected to keep a loss, without a proof",
    { by: "expectation", maxLoss: 0.01, index: 2 },
    "p3",
    false,
  ],
  [
    "the proved point where none is expected to keep a loss, as not certified",
    { by: "expectation", maxLoss: 0.01, index: -1 },
    "p2",
    false,
  ],
  [
    "the full model where a loss is neither expected nor proved",
    { by: "expectation", maxLoss: 0.001, index: -1 },
    "always:large",
    false,
  ],
  ["the safest point within a cost", byCost(2), "p3", true],
  ["the safest point within a cost of which a loss is proved", byCost(4.5, 0.01), "p2", true],
  ["the point of the least price", { by: "price", objectives: [9, 7, 5, 8] }, "p3", true],
  ["an unproved point of the least price", { by: "price", objectives: [9, 7, 5, 4] }, "p4", false],
  ["the safest of equal prices", { by: "price", objectives: [9, 5, 5, 5] }, "p2", true],
];

for (const [what, rule, active, certified] of CASES) {
  Deno.test(`activate() chooses ${what}`, () => {
    assertEquals(activate(FAMILY, rule), { active, certified });
  });
}

Deno.test("activate() says how far the closest point is from a limit of cost", () => {
  assertThrows(
    () => activate(FAMILY, byCost(0.5)),
    RangeError,
    "Cannot meet cost ≤ 0.5 ms: expected a point with a proven mean cost of at most 0.5 ms, " +
      "the closest of 4 has cost ≤ 1 ms (6.00×), no proven loss",
  );
  assertThrows(
    () => activate(FAMILY, byCost(2, 0.01)),
    RangeError,
    "a proven mean cost of at most 2 ms and a proven loss of at most 1%, " +
      "the closest of 4 has cost ≤ 2 ms (3.00×), loss ≤ 5%",
  );
});

Deno.test("activate() refuses a loss that was not certified", () => {
  const asked: ActivationRule[] = [
    { by: "loss", maxLoss: 0.02 },
    { by: "expectation", maxLoss: 0.02, index: 0 },
  ];
  for (const rule of asked) {
    const message = "expected a target of 0.001, 0.01, 0.05, got 0.02";
    assertThrows(() => activate(FAMILY, rule), RangeError, message);
  }
});

Deno.test("activate() gives what a document accepts", () => {
  const document = changed((copy) => {
    copy.points[0].certificates = point("", 6, 0.05).certificates;
  });
  const family = { points: document.points, alphas: [0.01, 0.05], full: "large" };
  for (const maxLoss of family.alphas) {
    const activated = { ...document, ...activate(family, { by: "loss", maxLoss }) };
    assertEquals(parsePolicy(JSON.stringify(activated)), activated);
  }
});

Deno.test("isProved() goes by the very loss", () => {
  const proved = point("p1", 6, 0.01);
  assertEquals([0.005, 0.01, 0.02].map((alpha) => isProved(proved, alpha)), [false, true, false]);
  assertEquals(isProved({ id: "p1", nodes: {} }, 0.01), false);
});
