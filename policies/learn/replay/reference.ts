import type { ConfidenceReference } from "../../document.ts";
import { START } from "../../base/evidence.ts";
import { summarize } from "../../base/summary.ts";
import { logitsAt } from "../trace/loss.ts";
import type { Outcome, Trace } from "../trace/types.ts";

const BINS = 10;

/**
 * How sure the first node is, as a histogram of ten bins that hold about a tenth each.
 *
 * @param trace The trace.
 * @param rows The rows to count, one or more.
 * @returns The histogram, of fewer bins where many rows have one value; nothing where the policy
 * chooses the first node, or all rows have one value.
 */
export function confidenceOf(trace: Trace, rows: Int32Array): ConfidenceReference | undefined {
  const [node, other] = trace.successors[START] ?? [];
  if (node === undefined || other !== undefined) return undefined;
  const answers = trace.logits[node] as Float32Array;
  const values = Float64Array.from(rows, (row) => {
    return summarize(logitsAt(answers, row, trace.classes), 1).top[0];
  }).sort();
  const quantiles = Array.from({ length: BINS - 1 }, (_, index) => {
    const value = values[Math.floor((index + 1) * values.length / BINS)] as number;
    return Number(value.toPrecision(6));
  });
  const edges = [...new Set(quantiles)].filter((edge) => edge > (values[0] as number));
  if (edges.length === 0) return undefined;
  const counts = [...edges, Infinity].map((edge) => values.filter((value) => value < edge).length);
  return { node, edges, counts: counts.map((count, bin) => count - (counts[bin - 1] ?? 0)) };
}

/**
 * How many rows exit at each node.
 *
 * @param trace The trace.
 * @param outcome What a point did.
 * @returns The counts of the nodes at which some row exits.
 */
export function countExits(trace: Trace, { exit }: Outcome): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const node of trace.nodes) {
    const index = trace.nodes.indexOf(node);
    const count = exit.filter((at) => at === index).length;
    if (count > 0) counts[node] = count;
  }
  return counts;
}
