import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { bindPolicy } from "../../bind.ts";
import { validatePolicy } from "../../parse.ts";
import { MAX_POLICY_BYTES } from "../../schema.ts";
import { compileSelector } from "../../selector.ts";
import { prepareBench } from "./bench.ts";
import { fitCandidate, type FitOptions } from "./candidate.ts";
import { fitFamily, writeDocument } from "./fit.ts";
import { lossOf } from "../trace/loss.ts";
import { keepPicked } from "../replay/pick.ts";
import { simulate } from "../replay/simulate.ts";
import {
  buildTrace,
  randomParts,
  syntheticTrace,
} from "../../../tests/harness/generators/traces.ts";
import type { Trace } from "../trace/types.ts";

const TRACE = syntheticTrace({ count: 1500 });
const [TRAIN, VALIDATION] = randomParts(TRACE, [0.6, 0.4]) as [Int32Array, Int32Array];

/** The same trace where the full model may come first. */
const OPEN: Trace = { ...TRACE, successors: { ...TRACE.successors, start: ["small", "large"] } };

/** What the families below have in common where they say nothing else. */
const SHARED = { combine: "last", targets: "labels", seed: 1, policyMs: 0.01 } as const;

type OwnOptions = Pick<FitOptions, "kind" | "policyClass"> & Partial<FitOptions>;

const FITS: readonly (readonly [name: string, trace: Trace, own: OwnOptions])[] = [
  ["one feature", TRACE, { kind: "top1", policyClass: "threshold", feature: "entropy" }],
  ["a chosen feature", TRACE, { kind: "signed", policyClass: "threshold", combine: "mean" }],
  [
    "a feature that compares nodes",
    TRACE,
    { kind: "consistency", policyClass: "threshold", feature: "agreement" },
  ],
  ["logistic", TRACE, { kind: "signed", policyClass: "logistic" }],
  ["logistic, mean answer", TRACE, { kind: "top5", policyClass: "logistic", combine: "mean" }],
  ["logistic, learned pool", TRACE, {
    kind: "signed",
    policyClass: "logistic",
    combine: "learned",
  }],
  ["a pooled feature", TRACE, { kind: "signed", policyClass: "threshold", combine: "learned" }],
  ["trees", TRACE, { kind: "top1", policyClass: "trees" }],
  ["trees, mean answer", TRACE, { kind: "signed5", policyClass: "trees", combine: "mean" }],
  ["a choice at start", OPEN, { kind: "signed", policyClass: "logistic" }],
];

for (const [name, trace, own] of FITS) {
  const options: FitOptions = { ...SHARED, ...own };
  Deno.test(`fitFamily() learns what the real selector does: ${name}`, () => {
    const bench = prepareBench(trace, TRAIN, VALIDATION);
    const candidate = fitCandidate(bench, { ...options, policyMs: 0.02 });
    const document = writeDocument(bench, candidate, options);
    const policy = bindPolicy(document, trace);
    document.points.forEach(({ id, expected }, index) => {
      const selector = compileSelector(policy, id);
      const outcome = simulate(trace, VALIDATION, selector, { policyMs: 0.02 });
      const loss = lossOf(trace, VALIDATION, outcome, options.kind);
      const followed = candidate.outcomes[index]!;
      assertEquals(followed.loss, loss);
      followed.cost.forEach((cost, row) => assertAlmostEquals(cost, outcome.cost[row]!, 1e-12));
      assertAlmostEquals(expected!.loss, meanOf(loss), 1e-12);
      assertAlmostEquals(expected!.cost, meanOf(outcome.cost), 1e-12);
    });
  });

  Deno.test(`fitFamily() makes documents that are accepted: ${name}`, () => {
    const document = fitFamily(trace, TRAIN, VALIDATION, options);
    assert(document.points.length > 1);
    const last = Array.from({ length: 8 }, (_, index) => document.points.length - 1 - index);
    const text = JSON.stringify(keepPicked(document, last).document);
    assert(text.length < MAX_POLICY_BYTES);
    bindPolicy(validatePolicy(JSON.parse(text)), trace);
  });
}

const meanOf = (values: Float64Array) => values.reduce((sum, value) => sum + value) / values.length;

for (const policyClass of ["threshold", "logistic", "trees"] as const) {
  Deno.test(`fitFamily() goes from never exiting early to exiting at once: ${policyClass}`, () => {
    const { points } = fitFamily(TRACE, TRAIN, VALIDATION, {
      ...SHARED,
      kind: "top1",
      policyClass,
      policyMs: 0,
    });
    const [first, last] = [points[0]!, points.at(-1)!];
    assertEquals(first.expected!.loss, 0);
    assertAlmostEquals(first.expected!.cost, 0.12 + 6, 1e-7);
    assertAlmostEquals(last.expected!.cost, 0.12);
    assertEquals(
      points.map(({ id }) => id),
      points.map((_, index) => {
        return `p${`${index}`.padStart(2, "0")}`;
      }),
    );
  });

  Deno.test(`fitFamily() is a function of its arguments: ${policyClass}`, () => {
    const learn = (seed: number) => {
      return fitFamily(TRACE, TRAIN, VALIDATION, { ...SHARED, kind: "signed", policyClass, seed });
    };
    assertEquals(learn(1), learn(1));
  });
}

Deno.test("fitFamily() begins with the full model alone where the graph allows it", () => {
  const { points } = fitFamily(OPEN, TRAIN, VALIDATION, {
    ...SHARED,
    kind: "top1",
    policyClass: "threshold",
    feature: "max_probability",
  });
  assertEquals(points[0]!.expected, { cost: 6, loss: 0 });
});

Deno.test("fitFamily() leads nobody to a copy of a node that has run", () => {
  const { small, large } = TRACE.logits as Record<string, Float32Array>;
  const trace = buildTrace({
    ...TRACE,
    logits: { small: small!, copy: small!, large: large! },
    cost: { small: 0.12, copy: 0.05, large: 6 },
    successors: { start: ["small"], small: ["copy", "large"], copy: ["large"], large: [] },
  });
  const options: FitOptions = {
    ...SHARED,
    kind: "top1",
    policyClass: "threshold",
    feature: "max_probability",
  };
  const { nodes } = fitFamily(trace, TRAIN, VALIDATION, options);
  assertEquals(Object.keys(nodes), ["small"]);
});

Deno.test("fitFamily() learns without labels to agree with the full model", () => {
  const trace = { ...TRACE, labels: undefined };
  const { points, loss } = fitFamily(trace, TRAIN, VALIDATION, {
    ...SHARED,
    kind: "consistency",
    policyClass: "logistic",
  });
  assertEquals(loss, "consistency");
  const agreeing = points.filter(({ expected }) => expected!.loss <= 0.02);
  assert(agreeing.some(({ expected }) => expected!.cost < 3));
  assertThrows(
    () => {
      fitFamily(trace, TRAIN, VALIDATION, { ...SHARED, kind: "top1", policyClass: "logistic" });
    },
    TypeError,
    "has no labels",
  );
});

Deno.test("fitFamily() refuses an empty part", () => {
  const options = { ...SHARED, kind: "top1", policyClass: "threshold" } as const;
  assertThrows(
    () => fitFamily(TRACE, new Int32Array(), VALIDATION, options),
    RangeError,
    "the train part has no rows",
  );
});

for (const policyClass of ["threshold", "logistic"] as const) {
  Deno.test(`fitFamily() expects of unseen rows what scores out of fold show: ${policyClass}`, () => {
    const options = { ...SHARED, kind: "signed", policyClass, targets: "softened" } as const;
    const { points } = fitFamily(TRACE, TRAIN, new Int32Array(), options);
    assert(points.length > 5);
    const bound = bindPolicy(fitFamily(TRACE, TRAIN, new Int32Array(), options), TRACE);
    points.forEach(({ id, expected }) => {
      const outcome = simulate(TRACE, VALIDATION, compileSelector(bound, id), { policyMs: 0.01 });
      const loss = meanOf(lossOf(TRACE, VALIDATION, outcome, "signed"));
      assertAlmostEquals(expected!.loss, loss, 0.03);
      assertAlmostEquals(expected!.cost, meanOf(outcome.cost), 0.6);
    });
  });
}
