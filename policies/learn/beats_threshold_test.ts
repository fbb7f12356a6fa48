import { assert } from "@std/assert";
import { bindPolicy } from "../bind.ts";
import { compileSelector } from "../selector.ts";
import { chooseFamily } from "./fit/choose.ts";
import { fitFamily } from "./fit/fit.ts";
import { lossOf } from "./trace/loss.ts";
import { type Random, seededRandom } from "./stats/random.ts";
import { simulate } from "./replay/simulate.ts";
import { buildTrace, randomParts } from "../../tests/harness/generators/traces.ts";
import type { Trace } from "./trace/types.ts";

/**
 * Inputs on which going on does not help, though the small model is least sure of them: where
 * deferring by confidence must lose (Jitkrittum et al. 2023, When does confidence-based cascade
 * deferral suffice?). Classes 0 and 1 are mistaken for each other by the small model alone, classes
 * 2 and 3 also by the large one.
 */
interface Case {
  readonly name: string;
  /** Chance that each model is right about classes 2 and 3. */
  readonly small: number;
  readonly large: number;
  /** Whether the large model errs where the small one does. */
  readonly together: boolean;
}

const CASES: readonly Case[] = [
  { name: "a large model that is a specialist", small: 0.6, large: 0.6, together: false },
  { name: "labels that are noise", small: 0.5, large: 0.5, together: false },
  { name: "inputs that nobody gets right", small: 0.1, large: 0.1, together: true },
];

function traceOf({ small, large, together }: Case): Trace {
  const random = seededRandom(5);
  const count = 4000;
  const labels = Int32Array.from({ length: count }, () => random.below(4));
  const logits = { small: new Float32Array(4 * count), large: new Float32Array(4 * count) };
  labels.forEach((label, row) => {
    const easy = label < 2;
    const smallIsRight = random.uniform() < (easy ? 0.75 : small);
    const largeIsRight = easy
      ? random.uniform() < 0.99
      : together
      ? smallIsRight
      : random.uniform() < large;
    fill(logits.small, row, smallIsRight ? label : label ^ 1, easy ? 1.2 : 0.5, random);
    fill(logits.large, row, largeIsRight ? label : label ^ 1, 3, random);
  });
  return buildTrace({
    classes: 4,
    labels,
    logits,
    cost: { small: 1, large: 10 },
    successors: { start: ["small"], small: ["large"], large: [] },
  });
}

/** An answer that is this sure of a class against its twin. */
function fill(logits: Float32Array, row: number, answer: number, sure: number, random: Random) {
  for (let index = 0; index < 4; index++) logits[4 * row + index] = 0.3 * random.normal() - 3;
  logits[4 * row + answer] = sure * (0.5 + random.uniform());
  logits[4 * row + (answer ^ 1)] = 0;
}

const LAMBDA = 100;

for (const own of CASES) {
  Deno.test(`fitFamily() beats the best threshold on the maximal probability: ${own.name}`, () => {
    const trace = traceOf(own);
    const [train, validation, test] = randomParts(trace, [0.4, 0.2, 0.4]) as [
      Int32Array,
      Int32Array,
      Int32Array,
    ];
    const objectives = (policyClass: "threshold" | "logistic" | "trees") => {
      const document = fitFamily(trace, train, validation, {
        kind: "signed",
        policyClass,
        feature: "max_probability",
        combine: "last",
        targets: "labels",
        seed: 1,
        policyMs: 0.01,
      });
      const policy = bindPolicy(document, trace);
      return document.points.map(({ id, expected }) => {
        const outcome = simulate(trace, test, compileSelector(policy, id), { policyMs: 0 });
        const loss = lossOf(trace, test, outcome, "signed");
        const total = outcome.cost.reduce((sum, cost, row) => sum + cost + LAMBDA * loss[row]!, 0);
        return { value: total / test.length, expected: expected!.cost + LAMBDA * expected!.loss };
      });
    };
    // Hindsight for the threshold, the point that validation recommends for what is learned.
    const best = Math.min(...objectives("threshold").map(({ value }) => value));
    for (const policyClass of ["logistic", "trees"] as const) {
      const [chosen] = objectives(policyClass).toSorted((a, b) => a.expected - b.expected);
      assert(chosen!.value < 0.85 * best, `${policyClass}: ${chosen!.value}, threshold: ${best}`);
    }
  });
}

Deno.test("chooseFamily() prefers what is learned where a threshold must lose", () => {
  const trace = traceOf(CASES[0]!);
  const [train, validation] = randomParts(trace, [0.5, 0.5]) as [Int32Array, Int32Array];
  const { document, considered } = chooseFamily(trace, train, validation, {
    kind: "signed",
    seed: 1,
    policyMs: 0.01,
  });
  assert(document.provenance.method !== "learned: threshold");
  assert(considered.length === 12);
});
