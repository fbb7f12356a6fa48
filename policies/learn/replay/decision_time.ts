import { bindPolicy } from "../../bind.ts";
import type { PolicyDocument } from "../../document.ts";
import { compileSelector } from "../../selector.ts";
import { quantile } from "../stats/bootstrap.ts";
import { logitsAt } from "../trace/loss.ts";
import { START } from "../../base/evidence.ts";
import type { Trace } from "../trace/types.ts";

/** Rows of each round, and rounds. */
const ROWS = 200;
const ROUNDS = 9;

/**
 * Measures how long a policy's decisions take on this machine, with the selector that serves.
 *
 * @param trace The trace.
 * @param rows Rows to decide on.
 * @param document The policy.
 * @returns Milliseconds per decision at a node that another may follow: the median of several rounds
 * after a first one that does not count.
 */
export function measureDecision(trace: Trace, rows: Int32Array, document: PolicyDocument): number {
  const policy = bindPolicy(document, trace);
  const ids = document.points.map(({ id }) => id);
  const point = ids.includes(document.active) ? document.active : ids[0] as string;
  const selector = compileSelector(policy, point);
  const sample = rows.subarray(0, ROWS);
  const times: number[] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    let decisions = 0;
    const started = performance.now();
    for (const row of sample) {
      const path: string[] = [];
      const logits = new Map<string, Float32Array>();
      for (let node = START;;) {
        const action = selector.decide(node, { path, logits });
        if (path.length > 0 && (trace.successors[node]?.length ?? 0) > 0) decisions++;
        if (action === "exit") break;
        logits.set(action, logitsAt(trace.logits[action] as Float32Array, row, trace.classes));
        path.push(action);
        node = action;
      }
    }
    if (round > 0 && decisions > 0) times.push((performance.now() - started) / decisions);
  }
  return times.length === 0 ? 0 : quantile(Float64Array.from(times).sort(), 0.5);
}
