import type { BoundPolicy } from "./bind.ts";
import { combineAnswers } from "./combine.ts";
import { viewDecider } from "./decider.ts";
import type { Decider, OperatingPoint, Thresholds } from "./document.ts";
import { show } from "./base/errors.ts";
import { compileFeatures } from "./features.ts";
import { type Evidence, START, stateKey } from "./base/evidence.ts";
import type { State } from "./states.ts";
import { type Action, compileChoice } from "./view.ts";

/** Chooses the way of an input through a pair's graph. */
export interface Selector {
  /**
   * Chooses what to do after a node has run. Synchronous, microseconds.
   *
   * @param node The current node, the last of the evidence's path; `start` before any has run.
   * @param evidence What is known so far.
   * @returns `exit`, or the name of a next node.
   * @throws {RangeError} If the selector's own actions never lead there.
   */
  decide(node: string, evidence: Evidence): Action;
  /**
   * Makes the answer of an input that exits; the last node's unless given.
   *
   * @param evidence What is known at the exit.
   * @returns Finite scores, one per class, whose softmax is the answer.
   */
  answer?(evidence: Evidence): Float32Array;
}

/**
 * The built-in policy `always:<node>`: runs given nodes whatever they answer.
 *
 * @param order The nodes to run, one or more, each once; the answer is the last one's.
 * @returns The selector.
 * @throws {RangeError} If there is no node, or one is listed twice.
 *
 * @example Always the large model
 * ```ts
 * import { alwaysSelector } from "./selector.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const selector = alwaysSelector(["large"]);
 * assertEquals(selector.decide("start", { path: [], logits: new Map() }), "large");
 * ```
 */
export function alwaysSelector(order: readonly string[]): Selector {
  const actions = new Map([START, ...order].map((node, index) => [node, order[index] ?? "exit"]));
  if (order.length === 0 || actions.size !== order.length + 1) {
    throw new RangeError(
      `Cannot build selector: expected one node or more, each once, got ${show(order)}`,
    );
  }
  return { decide: (node) => actions.get(node) ?? unexpected(node) };
}

/**
 * Compiles one operating point of a policy.
 *
 * @param policy A policy that fits its pair.
 * @param point Id of the operating point. The document's active one unless given.
 * @returns The selector.
 * @throws {RangeError} If the policy has no such point.
 */
export function compileSelector(
  policy: BoundPolicy,
  point: string = policy.document.active,
): Selector {
  const { points, combine = "last" } = policy.document;
  const chosen = points.find(({ id }) => id === point);
  if (!chosen) {
    const ids = points.map(({ id }) => id).join(", ");
    throw new RangeError(
      `Cannot compile policy: there is no operating point ${show(point)}, expected one of ${ids}`,
    );
  }
  const choices = new Map(
    policy.states.map((state) => [stateKey(state.path), compileState(policy, chosen, state)]),
  );
  return {
    decide(node, { path, logits }) {
      const choose = choices.get(stateKey(path)) ?? unexpected(node);
      return choose(logits);
    },
    answer: (evidence) => combineAnswers(combine, evidence),
  };
}

function unexpected(node: string): never {
  throw new RangeError(`Cannot decide at ${node}: the policy does not lead there`);
}

function compileState(
  policy: BoundPolicy,
  point: OperatingPoint,
  state: State,
): (logits: Evidence["logits"]) => Action {
  if ("action" in state) return () => state.action;
  const decider = policy.document.nodes[state.decider] as Decider;
  const view = viewDecider(decider);
  const names = view.features.map(({ value }) => value);
  const read = compileFeatures(names, state.path, decider.temperature, policy.document.combine);
  const choose = compileChoice(view, point.nodes[state.decider] as Thresholds);
  return (logits) => choose(read(logits));
}
