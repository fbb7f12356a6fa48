/** What must hold for every class of policies that can be learned. */
import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { randomParts, syntheticTrace } from "../../../tests/harness/generators/traces.ts";
import { bindPolicy } from "../../bind.ts";
import { validatePolicy } from "../../parse.ts";
import { compileSelector } from "../../selector.ts";
import { keepPicked } from "../replay/pick.ts";
import { simulate } from "../replay/simulate.ts";
import { lossOf } from "../trace/loss.ts";
import { fitFamily } from "./fit.ts";
import { POLICY_CLASSES } from "./policy_classes.ts";

const TRACE = syntheticTrace({ count: 1200 });
const [TRAIN, VALIDATION] = randomParts(TRACE, [0.6, 0.4]) as [Int32Array, Int32Array];
const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value) / values.length;

for (const policyClass of POLICY_CLASSES) {
  const policyMs = 0.02;
  const shared = { kind: "signed", combine: "last", targets: "labels", seed: 1, policyMs } as const;
  const learned = fitFamily(TRACE, TRAIN, VALIDATION, { ...shared, policyClass });

  Deno.test(`${policyClass} makes documents that the server takes`, () => {
    assertEquals(learned.provenance.method, `learned: ${policyClass}`);
    const last = learned.points.map((_, index) => index).slice(-8);
    const { document } = keepPicked(learned, last);
    bindPolicy(validatePolicy(JSON.parse(JSON.stringify(document))), TRACE);
  });

  Deno.test(`${policyClass} expects what the server's selectors do`, () => {
    const policy = bindPolicy(learned, TRACE);
    for (const { id, expected } of [learned.points[0]!, learned.points.at(-1)!]) {
      const outcome = simulate(TRACE, VALIDATION, compileSelector(policy, id), { policyMs });
      assertAlmostEquals(expected!.cost, mean(outcome.cost), 1e-9);
      assertAlmostEquals(
        expected!.loss,
        mean(lossOf(TRACE, VALIDATION, outcome, shared.kind)),
        1e-9,
      );
    }
  });

  Deno.test(`${policyClass} saves half of the cost for a point of accuracy`, () => {
    const full = learned.points[0]!.expected!.cost;
    const within = learned.points.filter(({ expected }) => expected!.loss <= 0.01);
    assert(Math.min(...within.map(({ expected }) => expected!.cost)) < full / 2);
  });

  Deno.test(`${policyClass} learns the same again`, () => {
    assertEquals(fitFamily(TRACE, TRAIN, VALIDATION, { ...shared, policyClass }), learned);
  });
}
