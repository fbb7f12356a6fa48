import { assert, assertEquals, assertThrows } from "@std/assert";
import { bindPolicy } from "../../bind.ts";
import type { PolicyDocument } from "../../document.ts";
import { parsePolicy } from "../../parse.ts";
import { certifyFamily } from "./certify_family.ts";
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

Deno.test("certifyFamily() proves each point and makes the fastest proved one active", () => {
  const document = family(TRACE, 1.1, 0.98, 0.5, 0);
  const options = { kind: "top1", alphas: [0.01, 0.05], policyMs: 0.01, split: "all" } as const;
  const certified = certifyFamily(TRACE, document, ROWS, options);
  const passed = certified.points.map(({ certificates }) => certificates?.map((one) => one.alpha));
  assertEquals(passed, [[0.01, 0.05], [0.01, 0.05], [0.05], []]);
  assertEquals([certified.active, certified.certified, certified.loss], ["p1", true, "top1"]);
  const [{ certificates, cost_bound, disagreement } = {}] = certified.points;
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
  assertEquals(certifyFamily(TRACE, document, ROWS, { ...options, target: 0.05 }).active, "p2");
  assertEquals(parsePolicy(JSON.stringify(certified)), certified);
});

Deno.test("certifyFamily() leaves the full model to serve where nothing is proved", () => {
  const certified = certifyFamily(TRACE, family(TRACE, 0.1, 0), ROWS, {
    kind: "top1",
    alphas: [0.001],
  });
  assertEquals([certified.active, certified.certified], ["always:large", false]);
  assertEquals(certified.points.map(({ certificates }) => certificates), [[], []]);
});

Deno.test("certifyFamily() needs rows, a target and labels that there are", () => {
  const document = family(TRACE, 0.5);
  const options = { kind: "top1", alphas: [0.01] } as const;
  const none = () => certifyFamily(TRACE, document, new Int32Array(), options);
  assertThrows(none, RangeError, "one loss or more");
  const other = () => certifyFamily(TRACE, document, ROWS, { ...options, target: 0.02 });
  assertThrows(other, RangeError, "expected a target of 0.01, got 0.02");
  const blind: Trace = { ...TRACE, labels: undefined };
  assertThrows(() => certifyFamily(blind, document, ROWS, options), TypeError, "no labels");
  const proofs = certifyFamily(blind, document, ROWS, { ...options, kind: "consistency" });
  const [{ certificates, disagreement } = {}] = proofs.points;
  assertEquals(certificates?.length, disagreement && disagreement.bound <= 0.01 ? 1 : 0);
});

Deno.test("certifyFamily() bounds cost, disagreement and loss over fresh draws", () => {
  const draws = 200;
  const document = family(TRACE, 0.8, 0.5, 0.3);
  const outcomes = runPoints(TRACE, ROWS, bindPolicy(document, TRACE));
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
    const { points } = certifyFamily(TRACE, document, rows, { kind: "top1", alphas: [alpha] });
    const isBroken = (test: (index: number) => boolean) => Number(points.some((_, at) => test(at)));
    broken.cost += isBroken((at) => points[at]!.cost_bound!.bound < truth[at]!.cost);
    broken.rate += isBroken((at) => points[at]!.disagreement!.bound < truth[at]!.rate);
    broken.risk += isBroken((at) => {
      return points[at]!.certificates!.length > 0 && truth[at]!.risk > alpha;
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
