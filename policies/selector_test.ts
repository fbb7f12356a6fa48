import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { bindPolicy } from "./bind.ts";
import type { LinearDecider, ThresholdDecider, TreesDecider, TreesScore } from "./document.ts";
import { compileFeatures } from "./features.ts";
import { alwaysSelector, compileSelector } from "./selector.ts";
import {
  changed,
  DOCUMENT,
  evidenceOf,
  onMargin,
  TARGET,
} from "../tests/harness/generators/policies.ts";
import { compileTrees } from "./trees.ts";

const NOTHING = evidenceOf();

/** Scores its first action 0, whatever the evidence. */
const CONSTANT: Omit<LinearDecider, "actions"> = {
  class: "linear",
  features: [],
  mean: [],
  scale: [],
  scores: [{ bias: 0, weights: [] }],
};

/** What a threshold decider at `small` does when it is this sure of the first of two classes. */
function decideSmall(
  decider: Partial<ThresholdDecider>,
  thresholds: readonly number[],
  probability: number,
): string {
  const document = changed((copy) => {
    Object.assign(copy.nodes.small, decider);
    for (const point of copy.points) point.nodes.small = { thresholds };
  });
  const selector = compileSelector(bindPolicy(document, TARGET));
  return selector.decide("small", evidenceOf(["small", [probability, 1 - probability]]));
}

Deno.test("decide() takes the first action whose threshold is reached", () => {
  assertEquals(decideSmall({}, [0.9, 0.6], 0.95), "exit");
  assertEquals(decideSmall({}, [0.9, 0.6], 0.7), "medium");
  assertEquals(decideSmall({}, [0.9, 0.6], 0.55), "large");
});

Deno.test("decide() takes an action at exactly its threshold", () => {
  assertEquals(decideSmall({}, [0.9, 0.5], 0.5), "medium");
  const decider = { feature: "margin", direction: "at_most", actions: ["exit", "large"] } as const;
  assertEquals(decideSmall(decider, [0], 0.5), "exit");
});

Deno.test("decide() compares downwards for at_most", () => {
  const decider = { feature: "entropy", direction: "at_most" } as const;
  assertEquals(decideSmall(decider, [0.2, 0.6], 0.99), "exit");
  assertEquals(decideSmall(decider, [0.2, 0.6], 0.8), "medium");
  assertEquals(decideSmall(decider, [0.2, 0.6], 0.5), "large");
});

Deno.test("decide() takes the only action of a threshold decider without thresholds", () => {
  assertEquals(decideSmall({ actions: ["large"] }, [], 0.99), "large");
});

Deno.test("decide() applies the temperature", () => {
  assertEquals(decideSmall({ temperature: 1 }, [0.9, 0.6], 0.95), "exit");
  assertEquals(decideSmall({ temperature: 4 }, [0.9, 0.6], 0.95), "medium");
});

Deno.test("decide() exits no less often when the threshold falls", () => {
  const unit = fc.double({ min: 0, max: 1, noNaN: true });
  const decider = { actions: ["exit", "large"] } as const;
  fc.assert(fc.property(unit, unit, unit, (probability, a, b) => {
    const atHigh = decideSmall(decider, [Math.max(a, b)], probability);
    const atLow = decideSmall(decider, [Math.min(a, b)], probability);
    assertEquals(atHigh === "exit" && atLow !== "exit", false);
  }));
});

/** At `medium`, exit scores −0.5 + (margin − 0.5) / 0.25 − (entropy of small − 1) / 2. */
const AT_MEDIUM = evidenceOf(["small", [0.5, 0.5]], ["medium", [0.79, 0.21]]);

Deno.test("decide() takes a linear action whose score reaches its threshold", () => {
  const selector = compileSelector(bindPolicy(DOCUMENT, TARGET));
  // −0.5 + (0.58 − 0.5) / 0.25 − (0.693 − 1) / 2 = −0.027 < 0
  assertEquals(selector.decide("medium", AT_MEDIUM), "large");
  const surer = evidenceOf(["small", [0.5, 0.5]], ["medium", [0.81, 0.19]]);
  assertEquals(selector.decide("medium", surer), "exit");
});

Deno.test("decide() compares with the thresholds of the operating point", () => {
  const selector = compileSelector(bindPolicy(DOCUMENT, TARGET), "fast");
  assertEquals(selector.decide("medium", AT_MEDIUM), "exit");
});

Deno.test("decide() takes the first linear action that reaches its own threshold", () => {
  const choose = (...thresholds: number[]) => {
    const document = changed((copy) => {
      const scores = [{ bias: 1, weights: [] }, { bias: 2, weights: [] }];
      const actions = ["exit", "medium", "large"];
      copy.nodes.small = { class: "linear", features: [], mean: [], scale: [], actions, scores };
      for (const point of copy.points) point.nodes.small = { thresholds };
    });
    const selector = compileSelector(bindPolicy(document, TARGET));
    return selector.decide("small", evidenceOf(["small", [1, 0.5]]));
  };
  assertEquals(choose(1, 2), "exit");
  assertEquals(choose(1.1, 2), "medium");
  assertEquals(choose(1.1, 2.1), "large");
});

Deno.test("decide() walks trees to the right from a cut on", () => {
  // The first tree splits by the margin, the second by the entropy where the margin is high.
  const decider: TreesDecider = {
    class: "trees",
    features: ["margin", "entropy"],
    actions: ["exit", "large"],
    scores: [{
      bias: 0.5,
      depth: 2,
      inputs: [0, 0, 0, 0, 1, 1],
      cuts: [0.5, 0, 0, 0.25, 0, 0.4],
      leaves: [1, 1, 2, 2, 10, 10, 20, 40],
    }],
  };
  const scoreOf = (probability: number) => {
    const read = compileFeatures(decider.features, ["small"]);
    const { logits } = evidenceOf(["small", [probability, 1 - probability]]);
    return compileTrees(decider.scores[0] as TreesScore)(read(logits));
  };
  assertEquals(scoreOf(0.55), 0.5 + 1 + 10);
  assertEquals(scoreOf(0.7), 0.5 + 1 + 40);
  assertEquals(scoreOf(0.99), 0.5 + 2 + 20);

  const document = changed((copy) => {
    copy.nodes.small = decider;
    for (const point of copy.points) point.nodes.small = { thresholds: [22.5] };
  });
  const selector = compileSelector(bindPolicy(document, TARGET));
  assertEquals(selector.decide("small", evidenceOf(["small", [0.99, 0.01]])), "exit");
  assertEquals(selector.decide("small", evidenceOf(["small", [0.55, 0.45]])), "large");
});

Deno.test("decide() goes to the only first node and exits at the full model", () => {
  const selector = compileSelector(bindPolicy(DOCUMENT, TARGET));
  assertEquals(selector.decide("start", NOTHING), "small");
  const walked = evidenceOf(["small", [0.5, 0.5]], ["large", [0.5, 0.5]]);
  assertEquals(selector.decide("large", walked), "exit");
});

Deno.test("decide() follows a linear decider without features at start", () => {
  const target = { ...TARGET, successors: { ...TARGET.successors, start: ["small", "large"] } };
  const document = changed((copy) => {
    copy.nodes.start = { ...CONSTANT, actions: ["small", "large"] };
    for (const point of copy.points) point.nodes.start = { thresholds: [1] };
  });
  const selector = compileSelector(bindPolicy(document, target));
  assertEquals(selector.decide("start", NOTHING), "large");
});

Deno.test("decide() prefers the decider of the path to that of the node", () => {
  const target = { ...TARGET, successors: { ...TARGET.successors, start: ["small", "medium"] } };
  const document = changed((copy) => {
    copy.nodes = {
      start: { ...CONSTANT, actions: ["small", "medium"] },
      small: onMargin("medium"),
      medium: onMargin("exit"),
      "small>medium": onMargin("large"),
    };
    for (const point of copy.points) {
      const none = { thresholds: [] };
      point.nodes = {
        start: { thresholds: [0] },
        small: none,
        medium: none,
        "small>medium": none,
      };
    }
  });
  const selector = compileSelector(bindPolicy(document, target));
  const direct = evidenceOf(["medium", [0.5, 0.5]]);
  const after = evidenceOf(["small", [0.5, 0.5]], ["medium", [0.5, 0.5]]);
  assertEquals(selector.decide("medium", direct), "exit");
  assertEquals(selector.decide("medium", after), "large");
});

Deno.test("decide() throws where the policy does not lead", () => {
  const selector = compileSelector(bindPolicy(DOCUMENT, TARGET));
  assertThrows(
    () => selector.decide("large", evidenceOf(["large", [0.5, 0.5]])),
    RangeError,
    "Cannot decide at large",
  );
});

Deno.test("compileSelector() serves the active point unless told otherwise", () => {
  const policy = bindPolicy(DOCUMENT, TARGET);
  const between = evidenceOf(["small", [0.85, 0.15]]);
  assertEquals(compileSelector(policy).decide("small", between), "medium");
  assertEquals(compileSelector(policy, "fast").decide("small", between), "exit");
});

Deno.test("compileSelector() refuses an unknown operating point", () => {
  assertThrows(
    () => compileSelector(bindPolicy(DOCUMENT, TARGET), "slow"),
    RangeError,
    'no operating point "slow", expected one of fast, accurate',
  );
});

Deno.test("compileSelector() takes a policy that was sent to a worker", () => {
  const policy = structuredClone(bindPolicy(DOCUMENT, TARGET));
  assertEquals(compileSelector(policy).decide("medium", AT_MEDIUM), "large");
});

Deno.test("alwaysSelector() runs the given nodes and exits at the last", () => {
  const selector = alwaysSelector(["stage1", "stage2"]);
  assertEquals(selector.decide("start", NOTHING), "stage1");
  assertEquals(selector.decide("stage1", NOTHING), "stage2");
  assertEquals(selector.decide("stage2", NOTHING), "exit");
  assertThrows(() => selector.decide("stage3", NOTHING), RangeError, "Cannot decide at stage3");
});

Deno.test("alwaysSelector() refuses an empty order and repeated nodes", () => {
  assertThrows(() => alwaysSelector([]), RangeError, "expected one node or more");
  assertThrows(() => alwaysSelector(["small", "small"]), RangeError, "expected one node or more");
});
