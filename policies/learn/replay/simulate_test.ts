import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { combineAnswers } from "../../combine.ts";
import { alwaysSelector, type Selector } from "../../selector.ts";
import { lossOf } from "../trace/loss.ts";
import { allRows, simulate } from "./simulate.ts";
import { buildTrace } from "../../../tests/harness/generators/traces.ts";
import type { LossKind, Trace } from "../trace/types.ts";

/** Six classes; logits of the rows whose probabilities are easy to see. */
const row = (...probabilities: number[]) => {
  const rest = (1 - probabilities.reduce((sum, p) => sum + p, 0)) / (6 - probabilities.length);
  return Array.from({ length: 6 }, (_, index) => Math.log(probabilities[index] ?? rest));
};

const TRACE: Trace = buildTrace({
  classes: 6,
  labels: Int32Array.of(0, 1, 5, 0),
  logits: {
    small: Float32Array.from([
      ...row(0.9),
      ...row(0.6, 0.3),
      ...row(0.6, 0.1, 0.1, 0.1, 0.09, 0.01),
      ...row(0.7, 0.2),
    ]),
    large: Float32Array.from([
      ...row(0.8),
      ...row(0.2, 0.7),
      ...row(0.5, 0.1, 0.1, 0.1, 0.04),
      ...row(0.3, 0.6),
    ]),
  },
  cost: { small: 1, large: 10 },
  successors: { start: ["small"], small: ["large"], large: [] },
});

const ROWS = allRows(TRACE);
const FREE = { policyMs: 0 };

/** Exits at small where it is sure. */
const sure: Selector = {
  decide(node, { logits }) {
    if (node === "start") return "small";
    return node === "large" || (logits.get("small")?.[0] ?? 0) >= Math.log(0.65) ? "exit" : "large";
  },
};

Deno.test("simulate() adds up the nodes that run and the decisions", () => {
  const { cost, exit } = simulate(TRACE, ROWS, sure, { policyMs: 0.5 });
  assertEquals([...cost], [1.5, 11.5, 11.5, 1.5]);
  assertEquals([...exit], [0, 1, 1, 0]);
});

Deno.test("simulate() answers with the last node's answer", () => {
  const { answer, right, rank } = simulate(TRACE, ROWS, sure, FREE);
  assertEquals([...answer], [0, 1, 0, 0]);
  assertEquals([...right], [1, 1, 0, 1]);
  assertEquals([...rank].map((own) => own < 5), [true, true, true, true]);
});

Deno.test("simulate() answers with the mean of the answers", () => {
  const both = alwaysSelector(["small", "large"]);
  const mean: Selector = { ...both, answer: (evidence) => combineAnswers("mean", evidence) };
  // 0.6 and 0.2 against 0.3 and 0.7; 0.7 and 0.3 against 0.2 and 0.6.
  assertEquals([...simulate(TRACE, ROWS, mean, FREE).answer], [0, 1, 0, 0]);
  assertEquals([...simulate(TRACE, ROWS, both, FREE).answer], [0, 1, 0, 1]);
});

Deno.test("simulate() takes rows in any order", () => {
  const { cost, answer } = simulate(TRACE, Int32Array.of(2, 0), sure, FREE);
  assertEquals([[...cost], [...answer]], [[11, 1], [0, 0]]);
});

Deno.test("simulate() runs a node alone", () => {
  const { cost, exit } = simulate(TRACE, ROWS, alwaysSelector(["large"]), { policyMs: 0.5 });
  assertEquals([[...cost], [...exit]], [[10, 10, 10, 10], [1, 1, 1, 1]]);
});

Deno.test("simulate() refuses a node whose inputs have not been computed", () => {
  const trace = { ...TRACE, reads: { small: [], large: ["small"] } };
  assertThrows(
    () => simulate(trace, ROWS, alwaysSelector(["large"]), FREE),
    Error,
    "Cannot go from start to large: it reads small, which has not run",
  );
});

Deno.test("simulate() refuses unknown nodes and an exit before any has run", () => {
  assertThrows(() => simulate(TRACE, ROWS, alwaysSelector(["huge"]), FREE), Error, "no such node");
  assertThrows(
    () => simulate(TRACE, ROWS, { decide: () => "exit" }, FREE),
    Error,
    "no model has run",
  );
});

const LOSSES: readonly (readonly [LossKind, readonly number[]])[] = [
  // small answers 0, 0, 0, 0 and large 0, 1, 0, 1; right are 0, 1, 5, 0.
  ["top1", [0, 1, 0, 0]],
  ["signed", [0, 1, 0, -1]],
  ["consistency", [0, 1, 0, 1]],
  // Only class 5 in the third row is not among small's five.
  ["top5", [0, 0, 1, 0]],
  ["signed5", [0, 0, 1, 0]],
];

for (const [kind, expected] of LOSSES) {
  Deno.test(`lossOf() compares with the full model run alone: ${kind}`, () => {
    const outcome = simulate(TRACE, ROWS, alwaysSelector(["small"]), FREE);
    assertEquals([...lossOf(TRACE, ROWS, outcome, kind)], [...expected]);
  });
}

Deno.test("lossOf() needs labels for all losses but consistency", () => {
  const trace = { ...TRACE, labels: undefined };
  const outcome = simulate(trace, ROWS, alwaysSelector(["small"]), FREE);
  assertEquals([...lossOf(trace, ROWS, outcome, "consistency")], [0, 1, 0, 1]);
  assertThrows(() => lossOf(trace, ROWS, outcome, "top1"), TypeError, "has no labels");
});

Deno.test("lossOf() counts nothing where the full model alone answers", () => {
  const outcome = simulate(TRACE, ROWS, alwaysSelector(["large"]), FREE);
  for (const [kind] of LOSSES) {
    const loss = lossOf(TRACE, ROWS, outcome, kind);
    assertAlmostEquals(loss.reduce((sum, value) => sum + Math.abs(value), 0), 0);
  }
});
