import { ALWAYS_PREFIX, type PolicyDocument, show } from "../../policies/mod.ts";
import { InvalidInputError } from "../base/errors.ts";
import type { Graph } from "../pair/graph_inputs.ts";
import { builtInPolicy, type PolicySnapshot } from "./snapshot.ts";

/** A request's own choice among the operating points of the policy that serves. */
export type PointRequest =
  | { readonly kind: "point"; readonly id: string; readonly field: string }
  | { readonly kind: "max_loss"; readonly alpha: number; readonly field: string };

/** What a request may choose; the pair's policy at its active point unless it does. */
export interface PolicyRequestOptions {
  /** A built-in policy, `always:<node>`. */
  readonly policy?: string | undefined;
  /** An operating point of the pair's policy. */
  readonly point?: PointRequest | undefined;
}

/**
 * Takes the policy that a request asks for.
 *
 * @param graph The pair's graph.
 * @param served The policy that serves.
 * @param options What the request asks for.
 * @returns The policy that serves, itself unless the request asks for something.
 * @throws {InvalidInputError} If there is no such policy or point, or the request asks for both.
 */
export function policyForRequest(
  graph: Graph,
  served: PolicySnapshot,
  { policy, point }: PolicyRequestOptions,
): PolicySnapshot {
  if (policy === undefined) return point ? pointForRequest(served, point) : served;
  if (!point) return builtInPolicy(graph, policy);
  throw new InvalidInputError(point.field, `is given with policy ${policy}, expected one of them`);
}

/**
 * Takes the operating point that a request asks for. The certificate of each point holds over the
 * traffic for which it is chosen without looking at the input.
 *
 * @param policy The policy that serves.
 * @param request A listed point, or the largest loss: then the cheapest point that is certified for it.
 * @returns The same policy at that point.
 * @throws {InvalidInputError} If there is no such point, or none is certified for the loss.
 */
export function pointForRequest(policy: PolicySnapshot, request: PointRequest): PolicySnapshot {
  const { document, id } = policy;
  if (!document || id === undefined) {
    const reason = `${policy.name} serves, which has no operating points`;
    throw new InvalidInputError(request.field, `${reason}, expected no choice`);
  }
  const point = request.kind === "point" ? listed(document, request) : certified(document, request);
  return { ...policy, operatingPoint: point, choice: { id, point } };
}

function listed(
  { points }: PolicyDocument,
  { id, field }: PointRequest & { readonly kind: "point" },
): string {
  const ids = points.map((point) => point.id);
  if (ids.includes(id)) return id;
  const reason = `there is no operating point ${show(id)}`;
  throw new InvalidInputError(field, `${reason}, expected one of ${ids.join(", ")}`);
}

function certified(
  { points, loss }: PolicyDocument,
  { alpha, field }: PointRequest & { readonly kind: "max_loss" },
): string {
  // Proofs about another loss than the one that the policy was learned for say nothing here.
  const levels = points.map(({ certificates = [] }) =>
    certificates.filter((proof) => loss === undefined || proof.loss === loss)
      .map((proof) => proof.alpha)
  );
  const fit = points.filter((_, index) => levels[index]?.some((level) => level <= alpha));
  const costs = fit.map((point) => point.expected?.cost ?? Infinity);
  const cheapest = fit[costs.lastIndexOf(Math.min(...costs))];
  if (cheapest) return cheapest.id;
  const proved = [...new Set(levels.flat())].sort((a, b) => a - b).map(percent);
  const expected = proved.length === 0
    ? "nothing is certified"
    : `expected a loss for which a point is certified: ${proved.join(", ")} or more`;
  throw new InvalidInputError(
    field,
    `no operating point is certified for ${percent(alpha)}, ${expected}; ` +
      `the policy ${ALWAYS_PREFIX}<full model> gives up nothing`,
  );
}

function percent(share: number): string {
  return `${Number((100 * share).toPrecision(6))}%`;
}
