import { assertEquals, assertThrows } from "@std/assert";
import { bindPolicy, type PolicyTarget } from "./bind.ts";
import { PolicyError } from "./base/errors.ts";
import { changed, DOCUMENT, onMargin, TARGET } from "../tests/harness/generators/policies.ts";

Deno.test("bindPolicy() finds the states that the policy leads to", () => {
  assertEquals(bindPolicy(DOCUMENT, TARGET).states, [
    { path: [], action: "small" },
    { path: ["small"], decider: "small" },
    { path: ["small", "medium"], decider: "medium" },
    { path: ["small", "medium", "large"], action: "exit" },
    { path: ["small", "large"], action: "exit" },
  ]);
});

Deno.test("bindPolicy() needs no decider where the policy does not lead", () => {
  const document = changed((copy) => {
    copy.nodes = { small: onMargin("exit", "large") };
    for (const point of copy.points) point.nodes = { small: { thresholds: [0.5] } };
  });
  assertEquals(bindPolicy(document, TARGET).states.length, 3);
});

Deno.test("bindPolicy() refuses a policy that leads along too many paths", () => {
  const nodes = Array.from({ length: 16 }, (_, index) => `n${index}`);
  const later = (index: number) => nodes.slice(index + 1);
  const target: PolicyTarget = {
    pair: "test",
    models: {},
    successors: {
      start: ["n0"],
      ...Object.fromEntries(nodes.map((node, index) => [node, later(index)])),
    },
  };
  const document = changed((copy) => {
    copy.models = {};
    copy.nodes = Object.fromEntries(
      nodes.slice(0, -1).map((node, index) => [node, onMargin(...later(index))]),
    );
    const settings = nodes.slice(0, -1).map((node, index) => {
      return [node, { thresholds: later(index).slice(1).map(() => 0.5) }];
    });
    for (const point of copy.points) point.nodes = Object.fromEntries(settings);
  });
  const error = assertThrows(() => bindPolicy(document, target), PolicyError);
  assertEquals([error.pointer, error.reason], ["/nodes", "expected at most 4096 paths, got more"]);
});
