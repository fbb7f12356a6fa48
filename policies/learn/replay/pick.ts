import { bindPolicy } from "../../bind.ts";
import type { PolicyDocument } from "../../document.ts";
import { mean, standardError } from "../stats/bootstrap.ts";
import { costAlone } from "./judged.ts";
import { chooseWithin, type PointMeans } from "./levels.ts";
import { lossOf } from "../trace/loss.ts";
import { runPoints } from "./run_points.ts";
import type { LossKind, Trace } from "../trace/types.ts";

/** Most points of a document. */
const MAX_POINTS = 8;

/** Options of {@linkcode lookAtPoints}. */
export interface LookOptions {
  /** The loss. */
  readonly kind: LossKind;
  /** Milliseconds of each decision. */
  readonly policyMs: number;
}

/**
 * Looks at what every point of a policy costs and loses.
 *
 * @param trace The trace.
 * @param document The policy.
 * @param rows Rows to look at; none of the test.
 * @param options See {@linkcode LookOptions}.
 * @returns Means and standard errors, in the order of the points.
 */
export function lookAtPoints(
  trace: Trace,
  document: PolicyDocument,
  rows: Int32Array,
  { kind, policyMs }: LookOptions,
): PointMeans[] {
  return runPoints(trace, rows, bindPolicy(document, trace), { policyMs }).map((outcome) => {
    const loss = lossOf(trace, rows, outcome, kind);
    return { cost: mean(outcome.cost), loss: mean(loss), error: standardError(loss) };
  });
}

/**
 * Picks one point for each of several losses: the cheapest that stays within.
 *
 * @param trace The trace, for the cost of its full model.
 * @param candidates The points.
 * @param levels The losses.
 * @returns Indices of points, one per level; −1 where no point stays within.
 */
export function pickWithin(
  trace: Trace,
  candidates: readonly PointMeans[],
  levels: readonly number[],
): number[] {
  const fullCost = costAlone(trace, trace.full);
  return levels.map((level) => chooseWithin(candidates, level, fullCost));
}

/**
 * Keeps the points of a document that matter most.
 *
 * @param document The document, of many points.
 * @param wanted Indices of points, those that matter most first; −1 for none.
 * @returns The document with eight of them at most, named `p1`, `p2` and so on from the safest to
 * the fastest, and the new name of every old one. The active point is the first wanted one, unless
 * it was `always:<node>`.
 * @throws {RangeError} If no point is wanted.
 */
export function keepPicked(
  document: PolicyDocument,
  wanted: readonly number[],
): { readonly document: PolicyDocument; readonly names: ReadonlyMap<string, string> } {
  const chosen = [...new Set(wanted.filter((index) => index >= 0))].slice(0, MAX_POINTS);
  const kept = document.points.filter((_, index) => chosen.includes(index));
  const names = new Map(kept.map(({ id }, index) => [id, `p${index + 1}`]));
  const first = document.points[chosen[0] ?? -1];
  if (!first) throw new RangeError("Cannot keep operating points: none is wanted");
  const active = document.points.some(({ id }) => id === document.active)
    ? names.get(first.id) as string
    : document.active;
  const points = kept.map((point) => ({ ...point, id: names.get(point.id) as string }));
  return { document: { ...document, points, active }, names };
}
