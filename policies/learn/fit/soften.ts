import { type Combine, combineAnswers } from "../../combine.ts";
import { stateKey } from "../../base/evidence.ts";
import { LOSSES, rankIn } from "../../losses.ts";
import { logProbabilityOf, summarize, topClasses } from "../../base/summary.ts";
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
  const { needsLabels, top, of } = LOSSES[kind];
  if (!needsLabels) return problem;
  const everything: Combine = { weights: { [stateKey(trace.nodes)]: posterior } };
  const known = Array.from(rows, (row) => {
    const summary = summarize(combineAnswers(everything, at(trace, row, trace.nodes)), 1);
    const logits = logitsAt(trace.logits[trace.full] as Float32Array, row, trace.classes);
    return { summary, full: topOf(logits, top) };
  });
  const soften = (state: ProblemState): Float64Array =>
    Float64Array.from(rows, (row, index) => {
      const { summary, full } = known[index]!;
      const answered = topOf(combineAnswers(combine, at(trace, row, state.path)), top);
      const expect = (label: number) => {
        const loss = of(rankIn(answered, label), rankIn(full, label));
        return loss * Math.exp(logProbabilityOf(summary, label));
      };
      // Elsewhere neither answer is right, and the loss is 0.
      const gained = answered.filter((label) => !full.includes(label));
      return sumOf(full, expect) + sumOf(gained, expect);
    });
  return {
    count: problem.count,
    states: problem.states.map((state) => state.loss ? { ...state, loss: soften(state) } : state),
  };
}

/** The most probable classes, at most `top` of them. */
function topOf(logits: Float32Array, top: number): number[] {
  return topClasses(logits).slice(0, top);
}

function sumOf(classes: readonly number[], valueOf: (index: number) => number): number {
  return classes.reduce((sum, index) => sum + valueOf(index), 0);
}
