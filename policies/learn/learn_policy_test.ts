import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { syntheticTrace } from "../../tests/harness/generators/traces.ts";
import { learnPolicy, type LearnPolicyOptions } from "./learn_policy.ts";
import type { LearnPlan } from "./plan.ts";
import { planFew } from "./plan_few.ts";
import { planMany } from "./plan_many.ts";
import type { Trace } from "./trace/types.ts";

/** Few classes, so that learning takes a moment only. */
function smallTrace(count: number, isReported: (row: number) => boolean): Trace {
  const trace = syntheticTrace({
    count,
    classes: 4,
    noise: { small: 1.75, large: 0.8 },
    successors: { start: ["small"], small: ["large"], large: [] },
    cost: { small: 0.2, large: 5 },
  });
  return {
    ...trace,
    part: Uint8Array.from({ length: count }, (_, row) => Number(isReported(row))),
  };
}

const MANY = smallTrace(1800, (row) => row % 3 === 0);
const FEW = smallTrace(220, () => false);
const OPTIONS: LearnPolicyOptions = {
  kind: "signed",
  budget: { maxLoss: 0.02 },
  seed: 0,
  delta: 0.05,
  policyMs: 0.01,
  policyClasses: ["threshold"],
  combines: ["last"],
};

Deno.test("learnPolicy() keeps the points that matter, with what is proved of them", () => {
  const steps: string[] = [];
  const options = { ...OPTIONS, onStep: (step: string) => steps.push(step) };
  const { document, split, considered, validated } = learnPolicy(MANY, options);
  const firstWords = steps.map((step) => step.split(" ")[0]);
  assertEquals(firstWords, ["Split", "Learning", "Chose", "Certifying"]);
  assertEquals(considered.map(({ targets }) => targets), ["softened", "labels"]);
  assertEquals(validated, undefined);
  assert(document.points.length >= 2 && document.points.length <= 8);
  for (const { certificates = [], cost_bound, disagreement, exits = {} } of document.points) {
    assertEquals([cost_bound?.n, disagreement?.n], [
      split.calibration.length,
      split.calibration.length,
    ]);
    assertEquals(
      Object.values(exits).reduce((sum, count) => sum + count),
      split.calibration.length,
    );
    assert(certificates.every(({ split: part }) => part === "calibration"));
  }
  const active = document.points.find(({ id }) => id === document.active);
  assertEquals(document.certified, active?.certificates?.some(({ alpha }) => alpha === 0.02));
  assertStringIncludes(document.confidence?.node ?? "", "small");
});

function look(plan: LearnPlan) {
  const chosen = plan.choose();
  const foresight = plan.foresee(chosen);
  return { chosen, foresight, rule: foresight.ruleFor(0.02) };
}

Deno.test("planMany() lets serve what is proved", () => {
  const plan = planMany(MANY, OPTIONS);
  const { rule, foresight, chosen } = look(plan);
  assertEquals(rule, { by: "loss", maxLoss: 0.02 });
  assertEquals(foresight.validated, undefined);
  assertEquals(plan.priceRows, plan.split.validation);
  const [all] = foresight.within([1]);
  assertEquals(all, chosen.document.points.length - 1);
});

Deno.test("planFew() lets serve what cross-validation expects, and proves larger losses as well", () => {
  const told: string[] = [];
  const plan = planFew(FEW, {
    ...OPTIONS,
    onStep: (step) => told.push(step),
    onFold: (done, of) => told.push(`${done}/${of}`),
  });
  const { rule, foresight } = look(plan);
  const [index = NaN] = foresight.within([0.02]);
  assertEquals(rule, { by: "expectation", maxLoss: 0.02, index });
  assertEquals(foresight.validated?.methods[0]?.id, "learned");
  assertEquals(told[0], "Cross-validating: 5 folds, 3 times, everything learned in each");
  assertEquals([told.length, told.at(-1)], [16, "15/15"]);
  assertEquals(plan.priceRows, plan.split.train);
  assertEquals(plan.levels, [0.005, 0.01, 0.02, 0.03, 0.05]);
});
