import type { PolicyDocument } from "../../document.ts";
import type { Trace } from "../trace/types.ts";
import { type Bench, prepareBench } from "./bench.ts";
import { type Candidate, fitCandidate, type FitOptions } from "./candidate.ts";
import { writeFamily } from "./family.ts";

/**
 * Learns a family of policies from a trace, and writes it as a document.
 *
 * @param trace The trace.
 * @param train Rows to learn from.
 * @param validation Rows that choose between scores and say what to expect of each point; if there
 * are none, the training rows do, by scores out of fold: for few examples.
 * @param options See {@linkcode FitOptions}.
 * @returns A policy of many points, safest first: the first never exits early. The first is active.
 * @throws {RangeError} If there is no training row.
 * @throws {TypeError} If the loss needs labels and the trace has none.
 */
export function fitFamily(
  trace: Trace,
  train: Int32Array,
  validation: Int32Array,
  options: FitOptions,
): PolicyDocument {
  const bench = prepareBench(trace, train, validation);
  return writeDocument(bench, fitCandidate(bench, options), options);
}

/**
 * Writes a candidate as a document.
 *
 * @param bench The rows that it was learned from.
 * @param candidate The candidate.
 * @param options How it was learned.
 * @returns A policy of all of its points, safest first. The first is active.
 */
export function writeDocument(
  { train, validation }: Bench,
  { family, outcomes, combine, note }: Candidate,
  { kind, policyClass, targets, seed }: FitOptions,
): PolicyDocument {
  const { trace } = train;
  const { nodes, points } = writeFamily(family, outcomes);
  return {
    pair: trace.pair,
    models: trace.models,
    nodes,
    combine,
    loss: kind,
    measured: trace.measured,
    points,
    active: points[0]?.id as string,
    provenance: {
      method: `learned: ${policyClass}`,
      note: targets === "labels" ? note : `${note}; targets softened by the full model`,
      n: train.rows.length + (validation?.rows.length ?? 0),
      split: `${train.rows.length} train, ${validation?.rows.length ?? 0} validation`,
      seed,
    },
  };
}
