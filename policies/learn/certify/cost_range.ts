import { START } from "../../base/evidence.ts";
import type { Trace } from "../trace/types.ts";

/**
 * What any policy may cost, whatever its inputs: the cheapest and the most expensive path through the graph.
 *
 * @param trace The trace, for its graph and the cost of its nodes.
 * @param policyMs Milliseconds of every decision, as `simulate` counts them.
 * @returns Milliseconds of the cheapest and of the most expensive path.
 */
export function costRange(trace: Trace, policyMs: number): [number, number] {
  const own = (node: string) => {
    const decides = next(node).length > 0;
    return (trace.cost[node] as number) + (decides ? policyMs : 0);
  };
  const next = (node: string) => trace.successors[node] ?? [];
  const mostAfter = (node: string): number =>
    Math.max(0, ...next(node).map((later) => own(later) + mostAfter(later)));
  return [Math.min(...next(START).map(own)), mostAfter(START)];
}
