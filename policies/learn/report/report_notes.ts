import { ms, percent } from "../stats/numbers.ts";
import type { Report } from "../judge/report.ts";

/**
 * Says how a report came to be.
 *
 * @param report The report.
 * @returns Sentences, one a line.
 */
export function provenanceLines(report: Report): string[] {
  const { hashes, policy, replicates } = report;
  const models = Object.entries(hashes.models).map(([node, hash]) => `${node} ${short(hash)}`);
  const share = report.oracle_share;
  return [
    `Costs: ${report.measured}. Each decision counts ${ms(report.policy_ms)} more` +
    (report.policy_ms_measured === undefined
      ? ""
      : ` (measured: ${ms(report.policy_ms_measured)})`) +
    `. The costs are ` +
    `medians per node, added up (basis “trace”); a figure measured through the server has the ` +
    `basis “served”.`,
    ...examplesLines(report),
    `Intervals: 95%, paired bootstrap over the examples, ${replicates} resamples; they do ` +
    `not include the variation of the costs themselves.`,
    `Thresholds are tuned jointly over all nodes, temperature included, on the examples that the ` +
    `learned policy had; those called pooled use a learned pool of the answers of all nodes run.`,
    `The label oracle runs the cheapest node that is no worse than the full model on each example.` +
    (share === null
      ? ""
      : ` The learned policy saves ${percent(share, 0)} of what it saves, at ${
        percent(report.claim.loss)
      } loss.`),
    `Policy: ${policy.method}, answer “${policy.combine}”, learned for the loss “${report.loss}”` +
    (policy.certified ? "." : "; its active point is not certified for what was asked of it.") +
    (hashes.policy ? ` SHA-256 ${short(hashes.policy)}.` : ""),
    `Models: ${models.join(", ")}.` + (hashes.trace ? ` Trace: ${short(hashes.trace)}.` : ""),
  ];
}

function examplesLines({ n, seed, cross_validation }: Report): string[] {
  if (cross_validation) {
    const { folds, repeats } = cross_validation;
    return [
      `Judged by cross-validation: ${n.test} examples split into ${folds} folds, ${repeats} times; a ` +
      `fold is left out, everything is learned, chosen and tuned on the others, and evaluated on it. ` +
      `Baselines without anything to learn are judged on all examples.`,
      `The policy itself: ${n.train} examples to learn from, ${n.calibration} others to certify. Which ` +
      `point serves was chosen by the cross-validated loss. Seed ${seed}.`,
    ];
  }
  return [
    `Examples: ${n.train} to fit, ${n.validation} to choose, ${n.calibration} to certify, ` +
    `${n.test} held out for this report. Seed ${seed}.`,
    `For a level of loss a method takes its cheapest setting whose loss on the examples to choose and ` +
    `to certify is at least one standard error below it. Where no such setting is faster than the full ` +
    `model, a loss within the level is enough.`,
  ];
}

function short(hash: string): string {
  return hash.slice(0, 12);
}
