import type { Selector } from "../../selector.ts";
import { START } from "../../base/evidence.ts";
import { answersOf, logitsAt } from "../trace/loss.ts";
import type { Outcome, Trace } from "../trace/types.ts";

/** Options of {@linkcode simulate}. */
export interface SimulateOptions {
  /** Milliseconds that each decision takes: those at nodes that another node may follow. */
  readonly policyMs: number;
}

/**
 * Runs a selector over recorded answers, as the server would over live ones.
 *
 * @param trace The trace.
 * @param rows Rows of the trace, m of them.
 * @param selector What chooses; the real one, so that what is measured is what is served.
 * @param options See {@linkcode SimulateOptions}.
 * @returns What happened on each row, arrays of length m.
 * @throws {Error} If the selector goes along an edge that the trace does not have, or to a node
 * whose inputs have not been computed.
 *
 * @example The share of right answers
 * ```ts
 * import { alwaysSelector } from "../../selector.ts";
 * import { allRows, simulate } from "./simulate.ts";
 * import type { Trace } from "../trace/types.ts";
 *
 * function accuracyOfSmall(trace: Trace): number {
 *   const small = alwaysSelector(["small"]);
 *   const { right } = simulate(trace, allRows(trace), small, { policyMs: 0 });
 *   return right.reduce((sum, value) => sum + value) / right.length;
 * }
 * ```
 */
export function simulate(
  trace: Trace,
  rows: Int32Array,
  selector: Selector,
  { policyMs }: SimulateOptions,
): Outcome {
  const cost = new Float64Array(rows.length);
  const exit = new Int32Array(rows.length);
  let index = 0;
  const answers = answersOf(trace, rows, (row) => {
    const { path, logits } = follow(trace, row, selector);
    for (const node of path) {
      cost[index] = (cost[index] as number) + (trace.cost[node] as number);
      if (trace.successors[node]?.length) cost[index] = (cost[index] as number) + policyMs;
    }
    exit[index] = trace.nodes.indexOf(path.at(-1) as string);
    index++;
    return selector.answer?.({ path, logits }) ?? logits.get(path.at(-1) as string) as Float32Array;
  });
  return { cost, exit, ...answers };
}

/**
 * All rows of a trace.
 *
 * @param trace The trace.
 * @param part Only rows of this part, if given.
 * @returns Their indices, ascending.
 */
export function allRows(trace: Trace, part?: number): Int32Array {
  const rows = Int32Array.from({ length: trace.count }, (_, row) => row);
  return part === undefined ? rows : rows.filter((row) => trace.part[row] === part);
}

function follow(
  trace: Trace,
  row: number,
  selector: Selector,
): { path: string[]; logits: Map<string, Float32Array> } {
  const path: string[] = [];
  const logits = new Map<string, Float32Array>();
  for (let node = START;;) {
    const action = selector.decide(node, { path, logits });
    if (action === "exit") {
      if (path.length === 0) throw new Error("Cannot exit at start: no model has run");
      return { path, logits };
    }
    const answers = trace.logits[action];
    const missing = trace.reads[action]?.find((read) => !path.includes(read));
    if (!answers || logits.has(action) || missing !== undefined) {
      const reason = missing === undefined
        ? "no such node, or it has run already"
        : `it reads ${missing}, which has not run`;
      throw new Error(`Cannot go from ${node} to ${action}: ${reason}`);
    }
    logits.set(action, logitsAt(answers, row, trace.classes));
    path.push(action);
    node = action;
  }
}
