/** What must hold for every class of deciders. */
import { assert, assertEquals } from "@std/assert";
import { deciderSchema, viewDecider } from "./decider.ts";
import type { Decider } from "./document.ts";
import { findMisfit } from "./view.ts";

/** A decider of each class, among three actions. */
const EXAMPLES: { readonly [C in Decider["class"]]: Extract<Decider, { readonly class: C }> } = {
  threshold: {
    class: "threshold",
    feature: "entropy",
    direction: "at_most",
    actions: ["exit", "medium", "large"],
  },
  linear: {
    class: "linear",
    features: ["margin", "small.entropy"],
    mean: [0.5, 1],
    scale: [0.25, 2],
    actions: ["exit", "medium", "large"],
    scores: [{ bias: -0.5, weights: [1, -1] }, { bias: 1, weights: [0, 2] }],
  },
  trees: {
    class: "trees",
    features: ["margin", "log_odds"],
    actions: ["exit", "medium", "large"],
    scores: [
      { bias: 0.5, depth: 1, inputs: [0, 1], cuts: [0.5, 2], leaves: [-1, 1, -2, 2] },
      { bias: 0, depth: 2, inputs: [0, 1, 1], cuts: [0.5, 1, 2], leaves: [1, 2, 3, 4] },
    ],
  },
};

for (const [name, decider] of Object.entries(EXAMPLES)) {
  Deno.test(`viewDecider() gives a score for every action but the last: ${name}`, () => {
    const { actions, features, scores } = viewDecider(decider);
    assertEquals(actions.map(({ value }) => value), [...decider.actions]);
    assertEquals(scores.length, actions.length - 1);
    for (const value of [0, 1, -1e9, 1e9]) {
      const row = new Float64Array(features.length).fill(value);
      for (const score of scores) assert(Number.isFinite(score(row)), `${value}`);
    }
  });

  Deno.test(`viewDecider() says where features and actions stand: ${name}`, () => {
    const { actions, features } = viewDecider(decider);
    for (const { value, at } of [...features, ...actions]) {
      const found = at.reduce((part: unknown, key) => Object(part)[key], decider);
      assertEquals(found, value);
    }
  });

  Deno.test(`viewDecider() orders thresholds only where all scores are the same: ${name}`, () => {
    const view = viewDecider(decider);
    const { ordered, sign, scores, features } = view;
    const first = { thresholds: [-sign, sign] };
    assertEquals(findMisfit(view, first) === undefined, !ordered);
    assertEquals(findMisfit(view, { thresholds: [sign, -sign] }), undefined);
    const row = Float64Array.from(features, (_, index) => 0.1 + index);
    if (ordered) assertEquals(new Set(scores.map((score) => score(row))).size, 1);
  });

  Deno.test(`deciderSchema takes the class, and refuses what no decider may have: ${name}`, () => {
    assertEquals(deciderSchema.parse(decider), decider);
    assertEquals(refusedAt({ ...decider, other: 1 }), [[]]);
    assertEquals(refusedAt({ ...decider, actions: ["exit", "exit", "large"] }), [["actions"]]);
    assertEquals(refusedAt({ ...decider, temperature: 0 }), [["temperature"]]);
    if ("scores" in decider) {
      assertEquals(refusedAt({ ...decider, scores: decider.scores.slice(1) }), [["scores"]]);
    }
  });
}

/** Where a decider is refused. */
function refusedAt(decider: unknown): PropertyKey[][] {
  return deciderSchema.safeParse(decider).error?.issues.map(({ path }) => path) ?? [];
}
