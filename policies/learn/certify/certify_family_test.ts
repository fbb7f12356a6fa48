import { assert, assertEquals, assertThrows } from "@std/assert";
import { bindPolicy } from "../../bind.ts";
import type { PolicyDocument } from "../../document.ts";
import { certifyFamily, type CertifyFamilyOptions } from "./certify_family.ts";
import { costRange } from "./cost_range.ts";
import { lossOf } from "../trace/loss.ts";
import { seededRandom } from "../stats/random.ts";
import { allowedFailures, drawRows } from "../stats/resample.ts";
import { runPoints } from "../replay/run_points.ts";
import { allRows } from "../replay/simulate.ts";
import { syntheticTrace } from "../../../tests/harness/generators/traces.ts";
import type { Trace } from "../trace/types.ts";

const TRACE = syntheticTrace({ count: 3000 });
const ROWS = allRows(TRACE);

/** Thresholds on the confidence of the small network, from the safest to the fastest. */
function family(trace: Trace, ...thresholds: number[]): PolicyDocument {
  return {
    pair: trace.pair,
    models: trace.models,
    nodes: { small: { class: "threshold", feature: "margin", actions: ["exit", "large"] } },
    points: thresholds.map((threshold, index) => {
      return { id: `p${index}`, nodes: { small: { thresholds: [threshold] } } };
    }),
    active: "p0",
    provenance: { method: "for a test" },
  };
}

const OPTIONS: CertifyFamilyOptions = {
  kind: "top1",
  alphas: [0.01],
  delta: 0.05,
  policyMs: 0,
  seed: 0,
};

/** Proofs of a family on rows of a trace. */
function prove(
  trace: Trace,
  document: PolicyDocument,
  rows: Int32Array,
  options: CertifyFamilyOptions,
) {
  const outcomes = runPoints(trace, rows, bindPolicy(document, trace), options);
  return certifyFamily(trace, rows, outcomes, options);
}

Deno.test("certifyFamily() proves the loss, the cost and the disagreement of each point", () => {
  const proofs = prove(TRACE, family(TRACE, 1.1, 0.98, 0.5, 0), ROWS, {
    ...OPTIONS,
    alphas: [0.01, 0.05],
    policyMs: 0.01,
    split: "all",
  });
  const passed = proofs.map(({ certificates }) => certificates.map((one) => one.alpha));
  assertEquals(passed, [[0.01, 0.05], [0.01, 0.05], [0.05], []]);
  const [{ certificates, cost_bound, disagreement } = {}] = proofs;
  assertEquals(certificates?.[0], {
    loss: "top1",
    alpha: 0.01,
    delta: 0.025,
    n: 3000,
    risk: 0,
    bound: certificates?.[0]?.bound as number,
    method: "binomial",
    split: "all",
  });
  assertEquals([cost_bound?.delta, disagreement?.delta], [0.0125, 0.0125]);
  assertEquals(disagreement?.rate, 0);
  // The small network, a decision and the large one, always.
  assert(Math.abs((cost_bound?.mean as number) - 6.13) < 1e-9);
});

Deno.test("certifyFamily() proves no loss of points that lose more", () => {
  const proofs = prove(TRACE, family(TRACE, 0.1, 0), ROWS, { ...OPTIONS, alphas: [0.001] });
  assertEquals(proofs.map(({ certificates }) => certificates), [[], []]);
});

Deno.test("certifyFamily() needs rows and labels that there are", () => {
  const document = family(TRACE, 0.5);
  const none = () => prove(TRACE, document, new Int32Array(), OPTIONS);
  assertThrows(none, RangeError, "one loss or more");
  const blind: Trace = { ...TRACE, labels: undefined };
  assertThrows(() => prove(blind, document, ROWS, OPTIONS), TypeError, "no labels");
  const proofs = prove(blind, document, ROWS, { ...OPTIONS, kind: "consistency" });
  const [{ certificates, disagreement } = {}] = proofs;
  assertEquals(certificates?.length, disagreement && disagreement.bound <= 0.01 ? 1 : 0);
});

Deno.test("certifyFamily() bounds cost, disagreement and loss over fresh draws", () => {
  const draws = 200;
  const document = family(TRACE, 0.8, 0.5, 0.3);
  const outcomes = runPoints(TRACE, ROWS, bindPolicy(document, TRACE), OPTIONS);
  const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value) / values.length;
  const truth = outcomes.map((outcome) => ({
    cost: mean(outcome.cost),
    risk: mean(lossOf(TRACE, ROWS, outcome, "top1")),
    rate: mean(lossOf(TRACE, ROWS, outcome, "consistency")),
  }));
  // A little less than the true risk of the fastest point, where it errs most often.
  const alpha = (truth[2]?.risk as number) - 1e-4;
  const random = seededRandom(5);
  const broken = { cost: 0, risk: 0, rate: 0 };
  for (let draw = 0; draw < draws; draw++) {
    const rows = drawRows(TRACE.count, 500, random);
    const proofs = prove(TRACE, document, rows, { ...OPTIONS, alphas: [alpha] });
    const isBroken = (test: (index: number) => boolean) => Number(proofs.some((_, at) => test(at)));
    broken.cost += isBroken((at) => proofs[at]!.cost_bound.bound < truth[at]!.cost);
    broken.rate += isBroken((at) => proofs[at]!.disagreement.bound < truth[at]!.rate);
    broken.risk += isBroken((at) => {
      return proofs[at]!.certificates.length > 0 && truth[at]!.risk > alpha;
    });
  }
  const allowed = allowedFailures(0.05, draws);
  assert(Math.max(...Object.values(broken)) <= allowed, JSON.stringify(broken));
  assert(broken.risk > 0, "expected a promise or two to be broken, the alpha being so close");
});

Deno.test("costRange() finds the cheapest and the dearest way", () => {
  const [low, high] = costRange(TRACE, 0.01);
  assert(Math.abs(low - 0.13) < 1e-12);
  assert(Math.abs(high - (0.12 + 0.7 + 6 + 0.02)) < 1e-12);
});
