import { assert, assertEquals } from "@std/assert";
import { spy } from "@std/testing/mock";
import { crossValidate, NOMINAL_LEVELS } from "./cross_validate.ts";
import { isFew, splitAny, validateFew } from "../few.ts";
import { seededRandom } from "../stats/random.ts";
import { syntheticTrace } from "../../../tests/harness/generators/traces.ts";

const TRACE = syntheticTrace({ count: 400, classes: 6 });
const OPTIONS = {
  kind: "signed",
  seed: 3,
  policyMs: 0.01,
  folds: 2,
  repeats: 2,
  policyClasses: ["threshold"],
  combines: ["last"],
} as const;

Deno.test("crossValidate() judges every example under every method and nominal loss", () => {
  const onFold = spy();
  const methods = crossValidate(TRACE, { ...OPTIONS, onFold });
  assertEquals(onFold.calls.map(({ args }) => args), [[1, 4], [2, 4], [3, 4], [4, 4]]);
  const thresholds = ["maxprob", "margin", "entropy", "topk_mass"].flatMap((name) => {
    return [`threshold_${name}`, `threshold_${name}_pooled`];
  });
  assertEquals(methods.map(({ id }) => id), ["learned", ...thresholds]);
  for (const { points } of methods) {
    assertEquals(points.map(({ id }) => Number(id)), NOMINAL_LEVELS);
    const costs = points.map(({ cost }) => cost);
    assertEquals(costs, costs.toSorted((a, b) => b - a), "more loss allowed, less cost");
    for (const { test } of points) {
      assertEquals(test.cost.length, TRACE.count);
      assert(test.cost.every((cost) => cost >= 0.12));
      const share = test.exits.reduce((sum, exit) => sum + exit.share, 0);
      assert(Math.abs(share - 1) < 1e-9);
    }
  }
  assertEquals(crossValidate(TRACE, OPTIONS), methods);
});

Deno.test("crossValidate() does not learn from what it judges on", () => {
  // Labels that nobody can know: whoever has seen them seems to know more than the full model.
  const random = seededRandom(2);
  const labels = Int32Array.from({ length: TRACE.count }, () => random.below(6));
  const [learned] = crossValidate({ ...TRACE, labels }, OPTIONS);
  learned!.points.forEach(({ loss }) => assert(Math.abs(loss.top1!) < 0.05, `${loss.top1}`));
});

Deno.test("validateFew() chooses the nominal loss whose realised one stays within", () => {
  const { methods: [learned], nominalFor } = validateFew(TRACE, OPTIONS);
  const realised = (level: number) => {
    return learned!.points[NOMINAL_LEVELS.indexOf(level)]!.loss.top1!;
  };
  for (const level of [0.01, 0.02]) assert(realised(nominalFor(level)) <= level);
  assertEquals(nominalFor(1), NOMINAL_LEVELS.at(-1));
  assertEquals(nominalFor(-1), 0);
});

Deno.test("splitAny() halves a small trace without test examples, and leaves others alone", () => {
  assert(isFew(TRACE));
  const { train, validation, calibration, test } = splitAny(TRACE, 1);
  assertEquals([train, validation, calibration, test].map(({ length }) => length), [
    200,
    0,
    200,
    0,
  ]);
  assertEquals(new Set([...train, ...calibration]).size, TRACE.count);
  const part = Uint8Array.from({ length: 400 }, (_, row) => Number(row < 60));
  assert(!isFew({ ...TRACE, part }));
  assert(!isFew(syntheticTrace({ count: 2500 })));
});
