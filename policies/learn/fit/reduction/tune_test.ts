import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { TAKE_ALL, TAKE_NONE } from "./offsets.ts";
import { type DecisionProblem, EXIT } from "./problem.ts";
import { type ByStage, follow } from "./reduce.ts";
import { fillFamily, sweepFamily } from "./sweep.ts";
import { compileTuner, neverExit, sum } from "./tune.ts";

interface Row {
  readonly scores: readonly number[];
  readonly loss: readonly number[];
}

const anyRows: fc.Arbitrary<Row[]> = fc.array(
  fc.record({
    scores: fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 3, maxLength: 3 }),
    loss: fc.array(fc.integer({ min: 0, max: 1 }), { minLength: 2, maxLength: 2 }),
  }),
  { minLength: 1, maxLength: 10 },
);

/** small → medium, large; medium → large. */
function problemOf(
  rows: readonly Row[],
): { problem: DecisionProblem; scores: ByStage<Float64Array> } {
  const lossOf = (node: number) => Float64Array.from(rows, ({ loss }) => loss[node] ?? 0);
  const state = (path: string[], cost: number, actions: number[]) => ({
    path,
    key: path.join(">"),
    cost,
    loss: path.length === 0
      ? undefined
      : lossOf(["small", "medium", "large"].indexOf(path.at(-1)!)),
    actions,
  });
  const states = [
    state([], 0, [1]),
    state(["small"], 1, [EXIT, 2, 3]),
    state(["small", "medium"], 2, [EXIT, 4]),
    state(["small", "large"], 8, [EXIT]),
    state(["small", "medium", "large"], 8, [EXIT]),
  ];
  const score = (index: number) => Float64Array.from(rows, ({ scores }) => scores[index]!);
  return {
    problem: { count: rows.length, states },
    scores: [[], [score(0), score(1)], [score(2)], [], []],
  };
}

/** A pass over all stages does not pay here, one stage alone does. */
const TRAP: [rows: Row[], lambda: number] = [[
  { scores: [0, 0, 1], loss: [1, 0] },
  { scores: [0, 4, 1], loss: [0, 0] },
  { scores: [1, 1, 1], loss: [0, 1] },
  { scores: [0, 0, 0], loss: [0, 1] },
], 19];

Deno.test("tune() ends where no single threshold can be bettered", () => {
  fc.assert(
    fc.property(anyRows, fc.integer({ min: 0, max: 30 }), (rows, lambda) => {
      const { problem, scores } = problemOf(rows);
      const tuner = compileTuner(problem, scores);
      const { thresholds, value } = tuner.tune(lambda);
      thresholds.forEach((stages, state) => {
        stages.forEach((_, position) => {
          for (const other of [TAKE_ALL, TAKE_NONE, 0.5, 1.5, 2.5, 3.5]) {
            const changed = thresholds.map((list) => [...list]);
            changed[state]![position] = other;
            assert(sum(tuner.apply(lambda, changed).value) >= sum(value) - 1e-9);
          }
        });
      });
    }),
    { examples: [TRAP] },
  );
});

Deno.test("tune() starts from given thresholds and never does worse", () => {
  fc.assert(fc.property(anyRows, fc.integer({ min: 0, max: 30 }), (rows, lambda) => {
    const { problem, scores } = problemOf(rows);
    const tuner = compileTuner(problem, scores);
    const from = neverExit(problem);
    assert(sum(tuner.tune(lambda, from).value) <= sum(tuner.apply(lambda, from).value));
  }));
});

Deno.test("neverExit() takes the cheapest way to the full model", () => {
  const { problem, scores } = problemOf([{ scores: [0, 1, 2], loss: [0, 0] }]);
  const thresholds = neverExit(problem);
  assertEquals(thresholds, [[], [TAKE_NONE, TAKE_NONE], [TAKE_NONE], [], []]);
  const { exit, cost } = follow(problem, compileTuner(problem, scores).apply(1, thresholds).taken);
  assertEquals([[...exit], [...cost]], [[3], [9]]);
});

Deno.test("fillFamily() goes from never exiting early to exiting at once, ever cheaper", () => {
  fc.assert(fc.property(anyRows, (rows) => {
    const { problem, scores } = problemOf(rows);
    const tuner = compileTuner(problem, scores);
    const points = fillFamily(tuner, sweepFamily(tuner, [0, 1, 3, 10, 30, 1e6]));
    const walks = points.map(({ lambda, thresholds }) => {
      return follow(problem, tuner.apply(lambda, thresholds).taken);
    });
    const costs = walks.map(({ cost }) => sum(cost));
    assertEquals(costs, costs.toSorted((a, b) => b - a));
    assertEquals(costs.length, new Set(costs).size);
    assertEquals([...new Set(walks[0]!.exit)], [3]);
    assertEquals([...new Set(walks.at(-1)!.exit)], [1]);
    const prices = points.map(({ lambda }) => lambda);
    assertEquals(prices, prices.toSorted((a, b) => b - a));
  }));
});
