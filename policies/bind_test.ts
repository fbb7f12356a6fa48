import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { bindPolicy } from "./bind.ts";
import { PolicyError } from "./base/errors.ts";
import { changed, onMargin, TARGET } from "../tests/harness/generators/policies.ts";

Deno.test("PolicyError says the stage, the pointer and the reason", () => {
  const document = changed((copy) => copy.nodes.small.actions[1] = "big");
  const error = assertThrows(() => bindPolicy(document, TARGET), PolicyError);
  assertEquals(
    error.message,
    "Cannot use policy: bind failed at /nodes/small/actions/1: " +
      "the graph has no edge small → big, expected one of exit, medium, large",
  );
});

interface Refused {
  readonly name: string;
  // deno-lint-ignore no-explicit-any
  readonly change: (copy: any) => void;
  readonly start?: readonly string[];
  readonly pointer: string;
  readonly reason: string;
}

const linearAtStart = {
  class: "linear",
  features: [] as string[],
  mean: [] as number[],
  scale: [] as number[],
  actions: ["small", "medium"],
  scores: [{ bias: 0, weights: [] as number[] }],
};

const refused: readonly Refused[] = [
  {
    name: "a pool on a path that the graph does not have",
    change: (copy) => copy.combine = { weights: { "medium>large": [1, 1] } },
    pointer: "/combine/weights/medium>large",
    reason: "the graph has no edge start → medium, expected a path from start",
  },
  {
    name: "a pool on an unknown node",
    change: (copy) => copy.combine = { weights: { "small>big": [1, 1] } },
    pointer: "/combine/weights/small>big",
    reason: "there is no node big, expected one of start, small, medium, large",
  },
  {
    name: "a pool without a weight for every node",
    change: (copy) => copy.combine = { weights: { "small>large": [1] } },
    pointer: "/combine/weights/small>large",
    reason: "expected 2 weights, one per node of the path, got 1",
  },
  {
    name: "another pair",
    change: (copy) => copy.pair = "other",
    pointer: "/pair",
    reason: 'expected "test", got "other"',
  },
  {
    name: "a model without a hash",
    change: (copy) => delete copy.models.medium,
    pointer: "/models/medium",
    reason: "got nothing",
  },
  {
    name: "the hash of other weights",
    change: (copy) => copy.models.large = "d".repeat(64),
    pointer: "/models/large",
    reason: `expected the hash of the pair's model, ${"c".repeat(64)}, got "dddd`,
  },
  {
    name: "a model that the pair does not have",
    change: (copy) => copy.models.huge = "d".repeat(64),
    pointer: "/models/huge",
    reason: "the pair has no model huge, expected small, medium, large",
  },
  {
    name: "a decider for an unknown node",
    change: (copy) => copy.nodes.big = onMargin("exit"),
    pointer: "/nodes/big",
    reason: "there is no node big, expected one of start, small, medium, large",
  },
  {
    name: "a decider for a node that is named like a member of Object",
    change: (copy) => copy.nodes.constructor = onMargin("exit"),
    pointer: "/nodes/constructor",
    reason: "there is no node constructor",
  },
  {
    name: "a path that the graph does not have",
    change: (copy) => copy.nodes["small>large>medium"] = onMargin("exit"),
    pointer: "/nodes/small>large>medium",
    reason: "the graph has no edge large → medium, expected a path from start",
  },
  {
    name: "a path that does not begin at start",
    change: (copy) => copy.nodes["medium>large"] = onMargin("exit"),
    pointer: "/nodes/medium>large",
    reason: "the graph has no edge start → medium, expected a path from start",
  },
  {
    name: "an action for an edge that does not exist",
    change: (copy) => copy.nodes.medium.actions[1] = "small",
    pointer: "/nodes/medium/actions/1",
    reason: "the graph has no edge medium → small, expected one of exit, large",
  },
  {
    name: "going on from the full model",
    change: (copy) => copy.nodes.large = onMargin("small"),
    pointer: "/nodes/large/actions/0",
    reason: "the graph has no edge large → small, expected one of exit",
  },
  {
    name: "an exit before any model has run",
    change: (copy) => copy.nodes.start = { ...linearAtStart, actions: ["exit", "small"] },
    pointer: "/nodes/start/actions/0",
    reason: "the graph has no edge start → exit, expected one of small",
  },
  {
    name: "a feature at start",
    change: (copy) => {
      copy.nodes.start = onMargin("small");
      for (const point of copy.points) point.nodes.start = { thresholds: [] };
    },
    pointer: "/nodes/start/feature",
    reason: "no model has run at start, expected no feature, got margin",
  },
  {
    name: "two first nodes without a decider at start",
    change: () => {},
    start: ["small", "medium"],
    pointer: "/nodes/start",
    reason: "missing, expected a decider: the policy leads to start",
  },
  {
    name: "a feature of a node that has not run on one of the paths",
    change: (copy) => {
      copy.nodes.start = linearAtStart;
      for (const point of copy.points) point.nodes.start = { thresholds: [0] };
    },
    start: ["small", "medium"],
    pointer: "/nodes/medium/features/1",
    reason: "small has not run on the path medium, expected one of medium",
  },
  {
    name: "a node that the policy leads to without a decider",
    change: (copy) => {
      delete copy.nodes.medium;
      for (const point of copy.points) delete point.nodes.medium;
    },
    pointer: "/nodes/medium",
    reason: "missing, expected a decider: the policy leads to small>medium",
  },
  {
    name: "a point without a setting for a decider",
    change: (copy) => delete copy.points[1].nodes.medium,
    pointer: "/points/1/nodes/medium",
    reason: "missing, expected a setting for every decider",
  },
  {
    name: "a point with a setting for no decider",
    change: (copy) => copy.points[0].nodes.large = { thresholds: [] },
    pointer: "/points/0/nodes/large",
    reason: "the policy has no decider large, expected small, medium",
  },
  {
    name: "too few thresholds",
    change: (copy) => copy.points[1].nodes.small.thresholds.pop(),
    pointer: "/points/1/nodes/small/thresholds",
    reason: "expected one fewer than the 3 actions, got [0.9]",
  },
  {
    name: "ascending thresholds for at_least",
    change: (copy) => copy.points[1].nodes.small.thresholds.reverse(),
    pointer: "/points/1/nodes/small/thresholds/1",
    reason: "expected descending (at_least) thresholds, got [0.6,0.9]",
  },
  {
    name: "descending thresholds for at_most",
    change: (copy) => copy.nodes.small.direction = "at_most",
    pointer: "/points/0/nodes/small/thresholds/1",
    reason: "expected ascending (at_most) thresholds, got [0.8,0.4]",
  },
  {
    name: "a threshold too many for a linear decider",
    change: (copy) => copy.points[0].nodes.medium = { thresholds: [1, 0] },
    pointer: "/points/0/nodes/medium/thresholds",
    reason: "expected one fewer than the 2 actions, got [1,0]",
  },
];

for (const { name, change, start, pointer, reason } of refused) {
  Deno.test(`bindPolicy() refuses ${name}`, () => {
    const target = start ? { ...TARGET, successors: { ...TARGET.successors, start } } : TARGET;
    const error = assertThrows(() => bindPolicy(changed(change), target), PolicyError);
    assertEquals([error.stage, error.pointer], ["bind", pointer]);
    assertStringIncludes(error.reason, reason);
  });
}
