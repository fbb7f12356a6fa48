import type { BoundPolicy } from "../../bind.ts";
import { combineAnswers } from "../../combine.ts";
import { viewDecider } from "../../decider.ts";
import type { Decider, Thresholds } from "../../document.ts";
import { compileFeatures } from "../../features.ts";
import type { State } from "../../states.ts";
import { type Action, compileChoice } from "../../view.ts";
import { judge, logitsAt } from "../trace/loss.ts";
import type { SimulateOptions } from "./simulate.ts";
import type { Outcome, Trace } from "../trace/types.ts";

/** A state of a policy, ready to be asked about one row. */
interface Station {
  /** Index of the state that an action leads to. */
  readonly next: ReadonlyMap<Action, number>;
  /** Milliseconds from `start` to here. */
  readonly cost: number;
  /** Index of the node in the trace. */
  readonly node: number;
  /** Reads the features of a row, which no point changes. */
  read(row: number): Float64Array;
  /** Judges the answer of a row. */
  answer(row: number): ReturnType<typeof judge>;
  /** What each point chooses by the features. */
  readonly choices: readonly ((features: Float64Array) => Action)[];
}

/**
 * Runs every point of a policy over rows, as `simulate` does with each point's selector, but reads
 * the evidence of a state once for all of them.
 *
 * @param trace The trace.
 * @param rows Rows of the trace, m of them.
 * @param policy The policy, bound to the trace.
 * @param options What a decision costs.
 * @returns What each point does on the rows, in the order of the document.
 */
export function runPoints(
  trace: Trace,
  rows: Int32Array,
  policy: BoundPolicy,
  { policyMs }: SimulateOptions,
): Outcome[] {
  const stations = policy.states.map((state) => {
    return openStation(trace, policy, state, policyMs);
  });
  const outcomes = policy.document.points.map((): Outcome => ({
    cost: new Float64Array(rows.length),
    exit: new Int32Array(rows.length),
    answer: new Int32Array(rows.length),
    right: new Uint8Array(rows.length),
    rank: new Float64Array(rows.length),
  }));
  rows.forEach((row, index) => {
    const features: Float64Array[] = [];
    const answers: ReturnType<typeof judge>[] = [];
    outcomes.forEach((outcome, point) => {
      let at = 0;
      let station = stations[at] as Station;
      for (;;) {
        const seen = features[at] ??= station.read(row);
        const action = station.choices[point]?.(seen) as Action;
        if (action === "exit") break;
        at = station.next.get(action) as number;
        station = stations[at] as Station;
      }
      const { answer, rank } = answers[at] ??= station.answer(row);
      outcome.cost[index] = station.cost;
      outcome.exit[index] = station.node;
      outcome.answer[index] = answer;
      outcome.right[index] = Number(rank < 1);
      outcome.rank[index] = rank;
    });
  });
  return outcomes;
}

function openStation(
  trace: Trace,
  { document, states }: BoundPolicy,
  state: State,
  policyMs: number,
): Station {
  const { path } = state;
  const evidenceOf = (row: number) => ({
    path,
    logits: new Map(path.map((node) => {
      return [node, logitsAt(trace.logits[node] as Float32Array, row, trace.classes)];
    })),
  });
  const next = states.flatMap((other, index): [Action, number][] => {
    const follows = other.path.length === path.length + 1 &&
      path.every((node, depth) => other.path[depth] === node);
    return follows ? [[other.path.at(-1) as string, index]] : [];
  });
  const shared = {
    next: new Map(next),
    cost: costOfPath(trace, path, policyMs),
    node: trace.nodes.indexOf(path.at(-1) ?? ""),
    answer: (row: number) => {
      return judge(
        combineAnswers(document.combine ?? "last", evidenceOf(row)),
        trace.labels?.[row],
      );
    },
  };
  if ("action" in state) {
    const none = new Float64Array();
    return { ...shared, read: () => none, choices: document.points.map(() => () => state.action) };
  }
  const decider = document.nodes[state.decider] as Decider;
  const view = viewDecider(decider);
  const names = view.features.map(({ value }) => value);
  const read = compileFeatures(names, path, decider.temperature, document.combine);
  return {
    ...shared,
    read: (row) => read(evidenceOf(row).logits),
    choices: document.points.map(({ nodes }) => {
      return compileChoice(view, nodes[state.decider] as Thresholds);
    }),
  };
}

/**
 * Milliseconds along a path of the graph.
 *
 * @param trace The trace.
 * @param path The nodes that run.
 * @param policyMs Milliseconds of each decision: those at nodes that another may follow.
 * @returns The sum.
 */
export function costOfPath(trace: Trace, path: readonly string[], policyMs: number): number {
  return path.reduce((sum, node) => {
    const decides = (trace.successors[node]?.length ?? 0) > 0;
    return sum + (trace.cost[node] as number) + (decides ? policyMs : 0);
  }, 0);
}
