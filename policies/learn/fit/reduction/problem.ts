import { type Combine, combineAnswers } from "../../../combine.ts";
import { START, stateKey } from "../../../base/evidence.ts";
import { answersOf, excessOf, fullAnswers, logitsAt, requireLabels } from "../../trace/loss.ts";
import type { LossKind, Trace } from "../../trace/types.ts";

/** A graph with more paths than this is refused, so that learning stays fast. */
const MAX_PATHS = 256;

/** The action of answering, where others are indices of states. */
export const EXIT = -1;

/** A state of the unrolled graph: the last node and the path that led to it. */
export interface ProblemState {
  /** Nodes run so far, the current one last; empty at `start`. */
  readonly path: readonly string[];
  /** Key of its decider: the node where one path alone leads there, else the path. */
  readonly key: string;
  /** Milliseconds of entering it: its node and the decision after it. */
  readonly cost: number;
  /** Loss of the answer here, per row; absent at `start`, where no model has run. */
  readonly loss: Float64Array | undefined;
  /**
   * What may be done here: {@linkcode EXIT} (but at `start`), then the states that may follow,
   * nearest first, as indices of {@linkcode DecisionProblem.states}.
   */
  readonly actions: readonly number[];
}

/** What a policy of a pair must be learned from: states, costs and losses. */
export interface DecisionProblem {
  /** Number of rows, m. */
  readonly count: number;
  /** Every path of the graph, each after those that lead to it; `start` is the first. */
  readonly states: readonly ProblemState[];
}

/** Options of {@linkcode buildProblem}. */
export interface ProblemOptions {
  /** What counts as a loss. */
  readonly kind: LossKind;
  /** How the answers of the nodes that ran become one. */
  readonly combine: Combine;
  /** Milliseconds that each decision takes. */
  readonly policyMs: number;
}

/**
 * Unrolls a graph into its paths: with several ways to a node the evidence differs, so a policy
 * belongs to a node and the path that led there.
 *
 * @param trace The trace.
 * @returns Every path from `start`, in the order of {@linkcode DecisionProblem.states}.
 * @throws {RangeError} If there are too many.
 */
export function unroll(trace: Pick<Trace, "nodes" | "successors">): string[][] {
  const paths: string[][] = [[]];
  for (let index = 0; index < paths.length; index++) {
    const path = paths[index] as string[];
    const next = trace.successors[path.at(-1) ?? START] ?? [];
    const near = next.toSorted((a, b) => trace.nodes.indexOf(a) - trace.nodes.indexOf(b));
    for (const node of near) paths.push([...path, node]);
    if (paths.length > MAX_PATHS) {
      throw new RangeError(`Cannot learn: expected at most ${MAX_PATHS} paths through the graph`);
    }
  }
  return paths;
}

/**
 * Puts together what the reduction needs (Bolukbasi et al. 2017, section 4).
 *
 * @param trace The trace.
 * @param rows Rows of the trace, m of them.
 * @param options See {@linkcode ProblemOptions}.
 * @returns The problem, its arrays in the order of the rows.
 * @throws {TypeError} If the loss needs labels and the trace has none.
 */
export function buildProblem(
  trace: Trace,
  rows: Int32Array,
  { kind, combine, policyMs }: ProblemOptions,
): DecisionProblem {
  requireLabels(trace, kind);
  const paths = unroll(trace);
  const full = fullAnswers(trace, rows);
  const index = new Map(paths.map((path, position) => [stateKey(path), position]));
  const lossByAnswer = new Map<string, Float64Array>();
  const lossAt = (path: readonly string[]) => {
    // Without combining, only the last node counts.
    const answer = combine === "last" ? path.at(-1) as string : stateKey(path);
    const known = lossByAnswer.get(answer);
    if (known) return known;
    const answers = answersOf(trace, rows, (row) => combineAnswers(combine, at(trace, row, path)));
    const loss = excessOf(answers, full, kind);
    lossByAnswer.set(answer, loss);
    return loss;
  };
  const states = paths.map((path): ProblemState => {
    const node = path.at(-1) ?? START;
    const alone = paths.filter((other) => other.at(-1) === path.at(-1)).length === 1;
    const next = paths.filter((other) =>
      other.length === path.length + 1 && path.every((step, depth) => other[depth] === step)
    );
    const decides = path.length > 0 && next.length > 0;
    return {
      path,
      key: alone ? node : stateKey(path),
      cost: path.length === 0 ? 0 : (trace.cost[node] as number) + (decides ? policyMs : 0),
      loss: path.length === 0 ? undefined : lossAt(path),
      actions: [
        ...(path.length > 0 ? [EXIT] : []),
        ...next.map((other) => index.get(stateKey(other)) as number),
      ],
    };
  });
  return { count: rows.length, states };
}

/**
 * What has been seen of a row once a path has been run.
 *
 * @param trace The trace.
 * @param row Index of the row.
 * @param path Nodes run so far, in their order.
 * @returns The path, and by node its logits, one per class, without a copy.
 */
export function at(
  trace: Trace,
  row: number,
  path: readonly string[],
): { path: readonly string[]; logits: Map<string, Float32Array> } {
  const logits = new Map(
    path.map((node) => [
      node,
      logitsAt(trace.logits[node] as Float32Array, row, trace.classes),
    ]),
  );
  return { path, logits };
}
