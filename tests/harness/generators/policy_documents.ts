import type { Certificate, OperatingPoint, PolicyDocument } from "../../../policies/mod.ts";
import { readLivePolicy } from "../files/live_policies.ts";

/** A point that goes on below a margin, with its cost and what is proved of its loss. */
function point(id: string, margin: number, cost: number, ...alphas: number[]): OperatingPoint {
  const proof = {
    loss: "signed",
    delta: 0.05,
    n: 6000,
    method: "trinomial",
    split: "test",
  } as const;
  return {
    id,
    nodes: { small: { thresholds: [margin, -1] }, medium: { thresholds: [margin] } },
    expected: { cost, loss: 0 },
    ...(alphas.length > 0 && {
      certificates: alphas.map((alpha): Certificate => ({
        ...proof,
        alpha,
        risk: 0,
        bound: alpha,
      })),
    }),
  };
}

/**
 * A document for fashion-mnist, set by hand, from the safest point to the fastest. The first never
 * exits early, the last always does and nothing is proved of it.
 */
export const HAND_SET: PolicyDocument = {
  pair: "fashion-mnist",
  models: (await readLivePolicy("fashion-mnist")).models,
  nodes: {
    small: { class: "threshold", feature: "margin", actions: ["exit", "medium", "large"] },
    medium: {
      class: "linear",
      features: ["margin"],
      mean: [0],
      scale: [1],
      actions: ["exit", "large"],
      scores: [{ bias: 0, weights: [1] }],
    },
  },
  loss: "signed",
  certified: true,
  points: [
    point("p1", 2, 6, 0.005, 0.01, 0.02),
    point("p2", 0.9, 3, 0.01, 0.02),
    point("p3", 0.5, 1, 0.02),
    point("p4", 0, 0.5),
  ],
  active: "p2",
  provenance: { method: "hand-set" },
};

/** {@linkcode HAND_SET} with a change, as text. */
// deno-lint-ignore no-explicit-any
export function handSetText(change: (document: any) => void = () => {}): string {
  const copy = structuredClone(HAND_SET);
  change(copy);
  return JSON.stringify(copy);
}

/** {@linkcode HAND_SET} with another weight at medium, in any notation. */
export function weighed(weight: string): string {
  return handSetText().replace('"weights":[1]', `"weights":[${weight}]`);
}

/** {@linkcode HAND_SET}, filled up with blanks to so many bytes. */
export function ofLength(bytes: number): string {
  return handSetText().padEnd(bytes);
}

/** Lists in lists. */
export function nested(depth: number): string {
  return "[".repeat(depth) + "]".repeat(depth);
}
