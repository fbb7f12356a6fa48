import type { PolicyDocument } from "../../document.ts";
import { LOSSES } from "../../losses.ts";
import { requireLabels } from "../trace/loss.ts";
import type { LossKind, Trace } from "../trace/types.ts";

/** What a report calls a loss. */
export type Metric = "top1" | "top1_clipped" | "top5" | "disagreement";

/** The loss behind every metric. */
export const METRICS: Readonly<Record<Metric, { readonly kind: LossKind; readonly says: string }>> =
  {
    top1: { kind: "signed", says: LOSSES.signed.says },
    top1_clipped: { kind: "top1", says: LOSSES.top1.says },
    top5: { kind: "signed5", says: LOSSES.signed5.says },
    disagreement: { kind: "consistency", says: LOSSES.consistency.says },
  };

/** The losses at which a report states speedups. */
export const LOSS_LEVELS: readonly number[] = [0, 0.005, 0.01, 0.02];

/** The loss at which a report makes its claim. */
export const CLAIM_LEVEL = 0.01;

/**
 * Finds what a policy was learned to lose little of.
 *
 * @param trace The trace.
 * @param document The policy, if there is one already.
 * @returns The loss that it names; otherwise accuracy given up, or disagreement without labels.
 */
export function lossKindOf(
  { labels }: Pick<Trace, "labels">,
  { loss }: Pick<PolicyDocument, "loss"> = {},
): LossKind {
  return loss ?? (labels ? "signed" : "consistency");
}

/**
 * Finds the metrics that mean something for a trace.
 *
 * @param trace The trace.
 * @returns The metrics: disagreement alone without labels; top5 with more than five classes.
 */
export function metricsOf(trace: Trace): Metric[] {
  if (!trace.labels) return ["disagreement"];
  return trace.classes > 5 ? ["top1", "top1_clipped", "top5"] : ["top1", "top1_clipped"];
}

/**
 * Finds the metric that a policy learned for a loss is judged by first: one in which accuracy can
 * be read.
 *
 * @param trace The trace.
 * @param kind The loss that the policy was learned for.
 * @returns The metric.
 * @throws {TypeError} If the loss needs labels and the trace has none.
 */
export function mainMetric(trace: Trace, kind: LossKind): Metric {
  requireLabels(trace, kind);
  if (!trace.labels) return "disagreement";
  return trace.classes > 5 ? LOSSES[kind].accuracy : "top1";
}

/**
 * Finds the metrics of a report.
 *
 * @param report The report, for its levels.
 * @returns The metrics in the order of {@linkcode METRICS}.
 */
export function metricsIn(
  { levels }: { readonly levels: readonly { readonly metric: Metric }[] },
): Metric[] {
  const names = Object.keys(METRICS) as Metric[];
  return names.filter((name) => levels.some(({ metric }) => metric === name));
}
