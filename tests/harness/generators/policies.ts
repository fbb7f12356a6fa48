import { assertThrows } from "@std/assert";
import {
  type Evidence,
  type PolicyDocument,
  PolicyError,
  type PolicyTarget,
  type ThresholdDecider,
} from "../../../policies/mod.ts";

/** A pair for tests: small → medium, large; medium → large. */
export const TARGET: PolicyTarget = {
  pair: "test",
  models: { small: "a".repeat(64), medium: "b".repeat(64), large: "c".repeat(64) },
  successors: {
    start: ["small"],
    small: ["medium", "large"],
    medium: ["large"],
    large: [],
  },
};

/** A policy for {@linkcode TARGET} with a decider of each class. */
export const DOCUMENT: PolicyDocument = {
  pair: "test",
  models: TARGET.models,
  nodes: {
    small: {
      class: "threshold",
      feature: "max_probability",
      actions: ["exit", "medium", "large"],
    },
    medium: {
      class: "linear",
      features: ["margin", "small.entropy"],
      mean: [0.5, 1],
      scale: [0.25, 2],
      actions: ["exit", "large"],
      scores: [{ bias: -0.5, weights: [1, -1] }],
    },
  },
  points: [
    { id: "fast", nodes: { small: { thresholds: [0.8, 0.4] }, medium: { thresholds: [-1] } } },
    { id: "accurate", nodes: { small: { thresholds: [0.9, 0.6] }, medium: { thresholds: [0] } } },
  ],
  active: "accurate",
  provenance: { method: "hand-set" },
};

/**
 * Copies {@linkcode DOCUMENT} and changes the copy.
 *
 * @param change Changes any member in place.
 * @returns The changed copy, which need not be a valid document.
 */
export function changed(
  // deno-lint-ignore no-explicit-any
  change: (copy: any) => void,
): PolicyDocument {
  const copy = structuredClone(DOCUMENT);
  change(copy);
  return copy;
}

/**
 * A threshold decider on the margin; with a single action it always takes it.
 *
 * @param actions The actions among which it chooses.
 * @returns The decider.
 */
export function onMargin(...actions: string[]): ThresholdDecider {
  return { class: "threshold", feature: "margin", actions };
}

/**
 * Evidence of nodes that answered with given probabilities.
 *
 * @param answers Node and probabilities of its classes, in the order in which the nodes ran.
 * @returns The evidence.
 */
export function evidenceOf(
  ...answers: readonly (readonly [string, readonly number[]])[]
): Evidence {
  return {
    path: answers.map(([node]) => node),
    logits: new Map(
      answers.map(([node, probabilities]) => [node, Float32Array.from(probabilities, Math.log)]),
    ),
  };
}

/**
 * Fails unless a policy is refused.
 *
 * @param run Takes the policy.
 * @returns Where and why it was refused.
 */
export function refusalOf(run: () => unknown): Pick<PolicyError, "stage" | "pointer" | "reason"> {
  const { stage, pointer, reason } = assertThrows(run, PolicyError);
  return { stage, pointer, reason };
}
