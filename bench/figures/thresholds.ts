import { percent, type Report, times } from "../../policies/learn/mod.ts";
import { sayInterval } from "./measured.ts";

/** Whether the interval of a ratio excludes 1. */
function isSignificant({ claim }: Report): boolean {
  const [low, high] = claim.ci95 ?? [0, Infinity];
  return low > 1 || high < 1;
}

/** How fast the learned policy is beside the best threshold, such as `0.97× (0.86–1.01)`. */
function sayRatio({ claim }: Report): string {
  if (claim.ratio === null || claim.ci95 === null) return "not comparable";
  return `${times(claim.ratio)} (${sayInterval(claim.ci95)})`;
}

/**
 * Says how the learned policy compares with the best jointly tuned threshold at the same loss.
 *
 * @param report The report.
 * @returns A sentence.
 */
export function sayThreshold(report: Report): string {
  return `At a loss of ${percent(report.claim.loss)} it is ${
    sayRatio(report)
  } as fast as the best ` +
    `jointly tuned threshold: the difference is ${isSignificant(report) ? "" : "not "}significant.`;
}

/**
 * Says the same of several pairs.
 *
 * @param reports The reports, one per pair.
 * @returns The ratios, and which of them are significant.
 */
export function sayThresholds(reports: readonly [Report, ...Report[]]): string {
  const ratios = reports.map((report, index) => {
    return `${sayRatio(report)}${index === 0 ? " as fast" : ""} on ${report.pair}`;
  });
  const significant = reports.filter(isSignificant).map(({ pair }) => pair);
  return `at a loss of ${percent(reports[0].claim.loss)} the learned policy is ` +
    `${ratios.join(", ")}; ` +
    (significant.length === 0
      ? "none of these differences is significant"
      : `the difference is significant on ${significant.join(", ")} only`);
}
