import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { claimOf } from "./claim.ts";
import type { Comparison, Interval, LevelRow } from "./report.ts";

const LEVEL: LevelRow = {
  method: "learned",
  metric: "top1",
  basis: "trace",
  max_loss: 0.01,
  loss: 0.008,
  speedup: 4,
  ci95: [3.8, 4.2],
  point: "p03",
  met: true,
  oracle_share: 0.8,
};

function against(against: string, ci95: Interval, loss = 0.01): Comparison {
  return { against, metric: "top1", loss, ratio: (ci95[0] + ci95[1]) / 2, ci95 };
}

Deno.test("claimOf() says that learned beats thresholds where the interval lies above 1", () => {
  const claim = claimOf([LEVEL], [against("best_threshold", [1.02, 1.2])], "top1");
  assert(claim.beats_thresholds);
  assertStringIncludes(claim.sentence, "4.00× as fast as the full model alone");
  assertStringIncludes(claim.sentence, "Learned beats thresholds");
});

Deno.test("claimOf() does not say so where the interval reaches 1", () => {
  const claim = claimOf([LEVEL], [
    against("threshold_margin", [1.2, 1.4]),
    against("best_threshold", [1, 1.2]),
    against("best_threshold", [1.3, 1.5], 0.02),
  ], "top1");
  assertEquals(claim.beats_thresholds, false);
  assert(!claim.sentence.includes("beats"));
  assertStringIncludes(claim.sentence, "no clear difference");
});

Deno.test("claimOf() says so where a threshold is faster", () => {
  const { sentence } = claimOf([LEVEL], [against("best_threshold", [0.8, 0.9])], "top1");
  assertStringIncludes(sentence, "threshold that proves the best on the test examples is faster");
});

Deno.test("claimOf() says so where no point stays within the loss", () => {
  const { sentence } = claimOf([{ ...LEVEL, loss: 0.02, met: false }], [], "top1");
  assertStringIncludes(sentence, "has no point that stays within 1%");
});
