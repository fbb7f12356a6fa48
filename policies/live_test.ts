/** The policies that ship do on the traces that ship what they say. */
import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { bindPolicy } from "./bind.ts";
import type { OperatingPoint } from "./document.ts";
import { isFew, splitAny } from "./learn/few.ts";
import { costAlone } from "./learn/replay/judged.ts";
import { lossOf } from "./learn/trace/loss.ts";
import { policyMsOf } from "./learn/fit/policy_ms.ts";
import { runPoints } from "./learn/replay/run_points.ts";
import { allRows } from "./learn/replay/simulate.ts";
import { decodeTrace } from "./learn/trace/traces.ts";
import { parsePolicy } from "./parse.ts";
import { folderSeed } from "./stores/files.ts";

const live = folderSeed(new URL("./live/", import.meta.url));
const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value) / values.length;

for (const pair of ["fashion-mnist", "fashion-mnist-exits"]) {
  Deno.test(`policies/live/${pair}.json keeps on test examples what it was certified for`, async () => {
    const document = parsePolicy((await live(pair))?.text ?? "");
    const file = new URL(`../traces/${pair}.npz`, import.meta.url);
    const trace = decodeTrace(await Deno.readFile(file), pair);
    const rows = allRows(trace, 1);
    assertEquals(rows.length, 10_000);

    assertEquals(document.certified, true);
    const costs = document.points.map(({ cost_bound }) => cost_bound?.mean ?? NaN);
    assertEquals(costs, costs.toSorted((a, b) => b - a), "points from the safest to the fastest");
    const index = document.points.findIndex(({ id }) => id === document.active);
    const { certificates = [] } = document.points[index] as OperatingPoint;
    assert(certificates.some(({ alpha, delta }) => alpha === 0.01 && delta <= 0.05));

    const outcomes = runPoints(trace, rows, bindPolicy(document, trace), { policyMs: 0.01 });
    outcomes.forEach((outcome, at) => {
      const own = document.points[at] as OperatingPoint;
      const loss = mean(lossOf(trace, rows, outcome, "signed"));
      for (const { alpha } of own.certificates ?? []) assert(loss <= alpha, `${own.id}: ${loss}`);
      const disagreement = mean(lossOf(trace, rows, outcome, "consistency"));
      assert(disagreement <= (own.disagreement?.bound ?? 0), `${own.id}: ${disagreement}`);
    });
    assert(costAlone(trace, trace.full) / mean(outcomes[index]!.cost) > 2.8);
  });
}

for (const pair of ["imagenet-paper", "imagenet-ladder"]) {
  Deno.test(`policies/live/${pair}.json says what its trace shows, and no more`, async () => {
    const document = parsePolicy((await live(pair))?.text ?? "");
    const file = new URL(`../traces/${pair}.npz`, import.meta.url);
    const trace = decodeTrace(await Deno.readFile(file), pair);
    assertEquals([trace.count, trace.classes, isFew(trace)], [1300, 1000, true]);
    const { train, calibration } = splitAny(trace, document.provenance.seed ?? NaN);
    assertEquals([train.length, calibration.length], [650, 650]);

    const policyMs = policyMsOf(trace);
    const outcomes = runPoints(trace, calibration, bindPolicy(document, trace), { policyMs });
    outcomes.forEach((outcome, at) => {
      const { certificates = [], cost_bound } = document.points[at] as OperatingPoint;
      const risk = mean(lossOf(trace, calibration, outcome, "signed5"));
      for (const proof of certificates) assertAlmostEquals(proof.risk, risk, 1e-9);
      assertAlmostEquals(cost_bound?.mean ?? NaN, mean(outcome.cost), 1e-6);
    });
    const active = document.points.find(({ id }) => id === document.active);
    const proved = active?.certificates?.map(({ alpha }) => alpha) ?? [];
    assertEquals(document.certified, proved.includes(0.01));
    assert(proved.length > 0, "something is proved of the active point");
  });
}
