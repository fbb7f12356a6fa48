import { speedupsOf } from "./level_rows.ts";
import { CLAIM_LEVEL, type Metric, METRICS } from "../replay/metrics.ts";
import { percent, times } from "../stats/numbers.ts";
import type { Claim, Comparison, LevelRow, Speedup } from "./report.ts";

/**
 * What may be said of a policy in one sentence. That it beats thresholds is said only where the
 * interval of its ratio to the best threshold, with the last or with pooled answers, whichever is
 * cheapest in each resample, lies above 1.
 *
 * @param levels Every method at every level.
 * @param comparisons The policy against thresholds at the same loss.
 * @param metric The metric of the claim.
 * @returns The claim.
 */
export function claimOf(
  levels: readonly LevelRow[],
  comparisons: readonly Comparison[],
  metric: Metric,
): Claim {
  const row = speedupsOf(levels).find((speedup) => {
    return speedup.method === "learned" && speedup.metric === metric &&
      speedup.max_loss === CLAIM_LEVEL;
  });
  const best = comparisons.find((comparison) => {
    return comparison.against === "best_threshold" && comparison.metric === metric &&
      comparison.loss === CLAIM_LEVEL;
  });
  const beats = best !== undefined && best.ci95[0] > 1;
  return {
    loss: CLAIM_LEVEL,
    beats_thresholds: beats,
    ratio: best?.ratio ?? null,
    ci95: best?.ci95 ?? null,
    sentence: `${sayLevel(row, metric)} ${sayComparison(best, beats)}`.trim(),
  };
}

function sayLevel(row: Speedup | undefined, metric: Metric): string {
  const level = percent(CLAIM_LEVEL);
  if (!row) {
    return `The learned policy has no point that stays within ${level} on the test examples.`;
  }
  const { speedup, ci95: [low, high], loss } = row;
  return `The learned policy is ${times(speedup)} as fast as the full model alone (95% interval ` +
    `${times(low)} to ${times(high)}) at ${percent(loss)} loss, ${level} allowed; loss is ` +
    `${METRICS[metric].says}.`;
}

function sayComparison(best: Comparison | undefined, beats: boolean): string {
  if (!best) return "";
  const { ratio, ci95: [low, high] } = best;
  const figures = `${times(ratio)} (95% interval ${times(low)} to ${times(high)})`;
  const at = `at ${percent(CLAIM_LEVEL)} loss`;
  if (beats) {
    return `Learned beats thresholds: ${at} it is ${figures} as fast as the best of them.`;
  }
  if (high < 1) {
    return `The jointly tuned threshold that proves the best on the test examples is faster: ${at} ` +
      `the learned policy is ${figures} as fast as it.`;
  }
  return `Against the best jointly tuned threshold there is no clear difference: ${at} the learned ` +
    `policy is ${figures} as fast as it.`;
}
