import { bindPolicy } from "../../bind.ts";
import type { PolicyDocument } from "../../document.ts";
import { alwaysSelector } from "../../selector.ts";
import { type Answers, excessOf, fullAnswers } from "../trace/loss.ts";
import { type Metric, METRICS, metricsOf } from "./metrics.ts";
import { runPoints } from "./run_points.ts";
import { simulate } from "./simulate.ts";
import type { Outcome, Trace } from "../trace/types.ts";

/** What one setting of a method does on m rows; arrays are in the order of the rows. */
export interface Judged {
  /** Milliseconds per row, the policy's own time included. */
  readonly cost: Float64Array;
  /** Loss against the full model per row, by metric; a chance where a coin decides. */
  readonly loss: Readonly<Partial<Record<Metric, Float64Array>>>;
  /** What happens at every node. */
  readonly exits: readonly Exit[];
}

/** What happens at one node. */
export interface Exit {
  /** The node. */
  readonly node: string;
  /** Share of the rows that exit there, in [0, 1]. */
  readonly share: number;
  /** Share of those whose answer is wrong, in [0, 1]; `null` where none exits or labels lack. */
  readonly error: number | null;
}

/** A way to answer, with one setting or many: a policy, a baseline, the oracle. */
export interface Method {
  /** Name in reports, such as `threshold_margin`. */
  readonly id: string;
  /**
   * Applies every setting to rows of the trace.
   *
   * @param rows Rows of the trace.
   * @returns The settings in an order that does not depend on the rows.
   */
  judge(rows: Int32Array): JudgedSetting[];
}

/** One setting of a {@linkcode Method} and what it does. */
export interface JudgedSetting extends Judged {
  /** Name of the setting. */
  readonly id: string;
}

/**
 * Turns what a selector did into what a report needs.
 *
 * @param trace The trace.
 * @param rows Rows of the trace.
 * @param outcome What was done on them.
 * @param full The full model's answers, if known.
 * @returns Costs, losses and exits.
 */
export function judgeOutcome(
  trace: Trace,
  rows: Int32Array,
  outcome: Outcome,
  full: Answers = fullAnswers(trace, rows),
): Judged {
  const losses = metricsOf(trace).map((metric) => {
    return [metric, excessOf(outcome, full, METRICS[metric].kind)] as const;
  });
  const counts = new Uint32Array(trace.nodes.length);
  const wrong = new Uint32Array(trace.nodes.length);
  outcome.exit.forEach((exit, row) => {
    counts[exit] = (counts[exit] as number) + 1;
    wrong[exit] = (wrong[exit] as number) + 1 - (outcome.right[row] as number);
  });
  const exits = trace.nodes.map((node, index): Exit => {
    const count = counts[index] as number;
    const error = trace.labels && count > 0 ? (wrong[index] as number) / count : null;
    return { node, share: count / rows.length, error };
  });
  return { cost: outcome.cost, loss: Object.fromEntries(losses), exits };
}

/**
 * A policy document as a method: each of its points is a setting.
 *
 * @param trace The trace.
 * @param id Name of the method.
 * @param document The document, learned for the models of the trace.
 * @param policyMs Milliseconds of each decision.
 * @returns The method.
 * @throws {PolicyError} If the document is not for this pair and these models.
 */
export function documentMethod(
  trace: Trace,
  id: string,
  document: PolicyDocument,
  policyMs: number,
): Method {
  const policy = bindPolicy(document, trace);
  const judge = (rows: Int32Array) => {
    const full = fullAnswers(trace, rows);
    return runPoints(trace, rows, policy, { policyMs }).map((outcome, index): JudgedSetting => {
      const judged = judgeOutcome(trace, rows, outcome, full);
      return { id: document.points[index]?.id as string, ...judged };
    });
  };
  return { id, judge };
}

/**
 * The method that always answers with one node.
 *
 * @param trace The trace.
 * @param node The node.
 * @returns The method, of a single setting.
 */
export function alwaysMethod(trace: Trace, node: string): Method {
  const selector = alwaysSelector(nodesFor(trace, node));
  const judge = (rows: Int32Array): JudgedSetting[] => {
    // Nothing is decided, so that nothing counts for it.
    const outcome = simulate(trace, rows, selector, { policyMs: 0 });
    return [{ id: node, ...judgeOutcome(trace, rows, outcome) }];
  };
  return { id: `always_${node}`, judge };
}

/**
 * Finds what must run for a node's answer.
 *
 * @param trace The trace.
 * @param node The node.
 * @returns The node itself last, before it all that it reads, directly or through others.
 */
export function nodesFor(trace: Trace, node: string): string[] {
  const needed = new Set([node]);
  for (const current of trace.nodes.toReversed()) {
    if (needed.has(current)) trace.reads[current]?.forEach((read) => needed.add(read));
  }
  return trace.nodes.filter((current) => needed.has(current));
}

/**
 * Milliseconds that a node's answer takes when it is asked for alone.
 *
 * @param trace The trace.
 * @param node The node.
 * @returns The cost of all that must run.
 */
export function costAlone(trace: Trace, node: string): number {
  return nodesFor(trace, node).reduce((sum, current) => sum + (trace.cost[current] as number), 0);
}
