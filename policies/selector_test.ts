import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { bindPolicy } from "./bind.ts";
import type { ThresholdDecider } from "./document.ts";
import { alwaysSelector, compileSelector } from "./selector.ts";
import { changed, DOCUMENT, evidenceOf, onMargin, TARGET } from "./testing.ts";

const NOTHING = evidenceOf();

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

/** At `medium`, exit scores (margin − 0.5) / 0.25 and large 0.5 + (entropy of small − 1) / 2. */
const AT_MEDIUM = evidenceOf(["small", [0.5, 0.5]], ["medium", [0.79, 0.21]]);

Deno.test("decide() takes the linear action with the highest score", () => {
  const selector = compileSelector(bindPolicy(DOCUMENT, TARGET));
  // exit: (0.58 − 0.5) / 0.25 = 0.32; large: 0.5 + (0.693 − 1) / 2 = 0.347
  assertEquals(selector.decide("medium", AT_MEDIUM), "large");
  const surer = evidenceOf(["small", [0.5, 0.5]], ["medium", [0.81, 0.19]]);
  assertEquals(selector.decide("medium", surer), "exit");
});

Deno.test("decide() adds the offset of the operating point to the score of exit", () => {
  const selector = compileSelector(bindPolicy(DOCUMENT, TARGET), "fast");
  assertEquals(selector.decide("medium", AT_MEDIUM), "exit");
});

Deno.test("decide() breaks ties towards exit, then towards the action listed first", () => {
  const tied = (...actions: string[]) => {
    const document = changed((copy) => {
      const score = { bias: 1, weights: [] };
      const scores = Object.fromEntries(actions.map((action) => [action, score]));
      copy.nodes.small = { class: "linear", features: [], mean: [], scale: [], scores };
      for (const point of copy.points) point.nodes.small = { offset: 0 };
    });
    const selector = compileSelector(bindPolicy(document, TARGET));
    return selector.decide("small", evidenceOf(["small", [1, 0.5]]));
  };
  assertEquals(tied("large", "medium", "exit"), "exit");
  assertEquals(tied("large", "medium"), "large");
  assertEquals(tied("medium", "large"), "medium");
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
    const scores = { small: { bias: 0, weights: [] }, large: { bias: 1, weights: [] } };
    copy.nodes.start = { class: "linear", features: [], mean: [], scale: [], scores };
    for (const point of copy.points) point.nodes.start = { offset: 0 };
  });
  const selector = compileSelector(bindPolicy(document, target));
  assertEquals(selector.decide("start", NOTHING), "large");
});

Deno.test("decide() prefers the decider of the path to that of the node", () => {
  const target = { ...TARGET, successors: { ...TARGET.successors, start: ["small", "medium"] } };
  const document = changed((copy) => {
    const scores = { small: { bias: 0, weights: [] }, medium: { bias: 0, weights: [] } };
    copy.nodes = {
      start: { class: "linear", features: [], mean: [], scale: [], scores },
      small: onMargin("medium"),
      medium: onMargin("exit"),
      "small>medium": onMargin("large"),
    };
    for (const point of copy.points) {
      const none = { thresholds: [] };
      point.nodes = { start: { offset: 0 }, small: none, medium: none, "small>medium": none };
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
