import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import type { Report } from "./report.ts";
import { sampleReport } from "../../../tests/harness/generators/reports.ts";

const { report, split } = sampleReport();

Deno.test("evaluate() reports every method", () => {
  assertEquals(report.curves.map(({ method }) => method), [
    "learned",
    "threshold_margin",
    "threshold_margin_pooled",
    "agreement",
    "random_mix",
    "always_small",
    "always_medium",
    "always_large",
    "oracle",
  ]);
  assertEquals(report.n, { train: 240, validation: 360, calibration: 120, test: 480 });
  assertEquals(report.full, "large");
  assertEquals(report.metric, "top1");
});

Deno.test("evaluate() lists the speedups that are met, as other programs read them", () => {
  assert(report.speedups.length > 0);
  for (const speedup of report.speedups) {
    assertEquals(Object.keys(speedup).toSorted(), [
      "basis",
      "ci95",
      "loss",
      "max_loss",
      "method",
      "metric",
      "speedup",
    ]);
    assertEquals(speedup.basis, "trace");
    assert(speedup.loss <= speedup.max_loss + 1e-12);
    const [low, high] = speedup.ci95;
    assert(low <= speedup.speedup * 1.05 && speedup.speedup <= high * 1.05);
  }
});

Deno.test("evaluate() measures against the full model alone", () => {
  const full = report.speedups.filter(({ method }) => method === "always_large");
  const levels = [0, 0.005, 0.01, 0.02];
  const expected = ["top1", "top1_clipped", "top5"].flatMap((metric) =>
    levels.map((max_loss) => ({ metric, max_loss, loss: 0, speedup: 1, ci95: [1, 1] }))
  );
  assertEquals(
    full.map(({ metric, max_loss, loss, speedup, ci95 }) => {
      return { metric, max_loss, loss, speedup, ci95: [...ci95] };
    }),
    expected,
  );
});

Deno.test("evaluate() gives the share of the oracle's saving", () => {
  const oracle = report.levels.find(({ method }) => method === "oracle");
  const learned = report.speedups.find(({ method, metric, max_loss }) => {
    return method === "learned" && metric === "top1" && max_loss === 0.01;
  });
  assertEquals(oracle?.oracle_share, 1);
  assert(learned);
  assertAlmostEquals(
    report.oracle_share as number,
    (1 - 1 / learned.speedup) / (1 - 1 / (oracle?.speedup as number)),
    1e-9,
  );
});

Deno.test("evaluate() normalises the area between random mixing and the oracle", () => {
  const areas = new Map(report.curves.map(({ method, area }) => [method, area as number]));
  assertAlmostEquals(areas.get("oracle") as number, 1, 1e-9);
  for (const method of ["random_mix", "always_small", "always_large"]) {
    // The coin's hull was drawn on other rows.
    assertAlmostEquals(areas.get(method) as number, 0, 0.02);
  }
  assert((areas.get("learned") as number) > 0.1);
});

Deno.test("evaluate() describes every point of the policy", () => {
  const [safe, active] = report.points;
  assertEquals(report.points.map(({ id }) => id), ["p00", "p01", "p02", "p03", "p04", "p05"]);
  assertEquals([safe?.active, active?.active], [false, true]);
  assertEquals(safe?.loss.top1, 0);
  assertEquals(safe?.exits.map(({ share }) => share), [0, 0, 1]);
  assertAlmostEquals(safe?.worst as number, 0.12 + 0.7 + 6 + 0.02, 1e-7);
  assertAlmostEquals(safe?.p50 as number, safe?.worst as number, 1e-7);
  assertEquals(safe?.certificates.map(({ alpha }) => alpha), [0.01]);
  for (const { cost, p50, p95, p99, worst, exits, classes, loss } of report.points) {
    assert(p50 <= p95 && p95 <= p99 && p99 <= worst + 1e-12 && cost <= worst + 1e-12);
    assertAlmostEquals(exits.reduce((sum, { share }) => sum + share, 0), 1);
    assertEquals(classes.length, 10);
    const lost = classes.reduce((sum, { n, loss }) => sum + n * loss, 0) / split.test.length;
    assertAlmostEquals(lost, loss.top1 as number, 1e-9);
  }
});

Deno.test("evaluate() compares learned with each threshold and with the best of them", () => {
  const at = report.comparisons.filter(({ metric, loss }) => metric === "top1" && loss === 0.01);
  assertEquals(at.map(({ against }) => against), [
    "threshold_margin",
    "threshold_margin_pooled",
    "best_threshold",
  ]);
  const [margin, pooled, best] = at.map(({ ratio }) => ratio);
  assertAlmostEquals(best as number, Math.min(margin as number, pooled as number));
  // The baseline has all of the policy's points, and more.
  assert((margin as number) <= 1 + 1e-12);
  assertEquals(report.claim.beats_thresholds, false);
});

Deno.test("evaluate() is a function of its arguments", () => {
  assertEquals(sampleReport().report, report);
});

Deno.test("evaluate() judges without labels by the full model's answers", () => {
  const unlabelled: Report = sampleReport((trace) => ({ ...trace, labels: undefined })).report;
  assertEquals(unlabelled.metric, "disagreement");
  assertEquals(new Set(unlabelled.levels.map(({ metric }) => metric)), new Set(["disagreement"]));
  assertEquals(unlabelled.full_accuracy, 1);
  assertEquals(unlabelled.points[0]?.classes, []);
});
