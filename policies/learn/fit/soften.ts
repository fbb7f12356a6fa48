import { type Combine, combineAnswers } from "../../combine.ts";
import { stateKey } from "../../evidence.ts";
import { logProbabilityOf, summarize, type Summary } from "../../summary.ts";
import { logitsAt } from "../trace/loss.ts";
import {
  at,
  type DecisionProblem,
  type ProblemOptions,
  type ProblemState,
} from "./reduction/problem.ts";
import type { Trace } from "../trace/types.ts";

/** Options of {@linkcode softenProblem}; the first two as the problem was built. */
export interface SoftenOptions extends Pick<ProblemOptions, "kind" | "combine"> {
  /** A weight for every node of the trace, from `fitPosterior`. */
  readonly posterior: readonly number[];
}

/**
 * Replaces every loss by what it is expected to be if the probabilities that follow from all nodes
 * together are right: the probability of what the full model answers and the exit does not, less (for
 * a signed loss) that of what the exit answers and the full model does not. Where both answer alike
 * nothing changes; elsewhere chance plays less of a part than in a single label, so that fewer
 * examples suffice, as in distillation (Menon et al. 2021, A Statistical Perspective on
 * Distillation). It misleads where the nodes are confidently wrong: labels must have the last word.
 *
 * @param trace The trace.
 * @param rows Rows of the trace, those of the problem.
 * @param problem The problem.
 * @param options See {@linkcode SoftenOptions}.
 * @returns The same problem with softened losses; disagreement with the full model stays as it is.
 */
export function softenProblem(
  trace: Trace,
  rows: Int32Array,
  problem: DecisionProblem,
  { kind, combine, posterior }: SoftenOptions,
): DecisionProblem {
  if (kind === "consistency") return problem;
  const count = kind === "top5" || kind === "signed5" ? 5 : 1;
  const signed = kind === "signed" || kind === "signed5";
  const everything: Combine = { weights: { [stateKey(trace.nodes)]: posterior } };
  const known = Array.from(rows, (row) => {
    const summary = summarize(combineAnswers(everything, at(trace, row, trace.nodes)), 1);
    const logits = logitsAt(trace.logits[trace.full] as Float32Array, row, trace.classes);
    return { summary, full: summarize(logits, 1).classes.slice(0, count) };
  });
  const soften = (state: ProblemState): Float64Array =>
    Float64Array.from(rows, (row, index) => {
      const { summary, full } = known[index]!;
      const answer = combineAnswers(combine, at(trace, row, state.path));
      const answered = summarize(answer, 1).classes.slice(0, count);
      const missed = full.filter((own) => own >= 0 && !answered.includes(own));
      const gained = signed ? answered.filter((own) => own >= 0 && !full.includes(own)) : [];
      return massOf(summary, missed) - massOf(summary, gained);
    });
  return {
    count: problem.count,
    states: problem.states.map((state) => state.loss ? { ...state, loss: soften(state) } : state),
  };
}

function massOf(summary: Summary, classes: readonly number[]): number {
  return classes.reduce((sum, index) => sum + Math.exp(logProbabilityOf(summary, index)), 0);
}
