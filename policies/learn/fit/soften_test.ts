import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { fitPosterior } from "./ensemble.ts";
import { buildProblem } from "./reduction/problem.ts";
import { allRows } from "../replay/simulate.ts";
import { softenProblem } from "./soften.ts";
import { buildTrace, syntheticTrace } from "../../../tests/harness/generators/traces.ts";

const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value) / values.length;

Deno.test("softenProblem() gives what the probabilities of all nodes together expect", () => {
  const logs = (...rows: number[][]) => Float32Array.from(rows.flat(), Math.log);
  const trace = buildTrace({
    classes: 3,
    labels: Int32Array.of(0, 1, 2),
    logits: {
      small: logs([0.8, 0.1, 0.1], [0.5, 0.3, 0.2], [0.2, 0.5, 0.3]),
      large: logs([0.6, 0.3, 0.1], [0.1, 0.7, 0.2], [0.3, 0.1, 0.6]),
    },
    cost: { small: 1, large: 10 },
    successors: { start: ["small"], small: ["large"], large: [] },
  });
  const rows = allRows(trace);
  const soften = (kind: "signed" | "top1") => {
    const options = { kind, combine: "last", policyMs: 0 } as const;
    // Only the large node counts.
    const problem = buildProblem(trace, rows, options);
    return softenProblem(trace, rows, problem, { ...options, posterior: [0, 1] });
  };
  const [start, small, large] = soften("signed").states;
  assertEquals(start!.loss, undefined);
  [0, 0.7 - 0.1, 0.6 - 0.1].forEach((loss, row) => {
    assertAlmostEquals(small!.loss![row]!, loss, 1e-6);
  });
  assertEquals([...large!.loss!], [0, 0, 0]);
  const clipped = soften("top1").states[1]!;
  [0, 0.7, 0.6].forEach((loss, row) => assertAlmostEquals(clipped.loss![row]!, loss, 1e-6));
});

for (const kind of ["signed", "top1"] as const) {
  Deno.test(`softenProblem() keeps the mean of the loss ${kind}, with less noise`, () => {
    const trace = syntheticTrace({ count: 20_000 });
    const rows = allRows(trace);
    const options = { kind, combine: "last", policyMs: 0 } as const;
    const problem = buildProblem(trace, rows, options);
    const posterior = fitPosterior(trace, rows);
    const softened = softenProblem(trace, rows, problem, { ...options, posterior });
    problem.states.forEach(({ loss }, index) => {
      if (!loss) return;
      const soft = softened.states[index]!.loss!;
      assertAlmostEquals(mean(soft), mean(loss), 0.004);
      const square = (values: Float64Array) => mean(values.map((value) => value ** 2));
      assert(square(soft) <= square(loss));
    });
  });
}

Deno.test("softenProblem() counts the classes that only one of two lists of five holds", () => {
  const logs = (...row: number[]) => Float32Array.from(row, Math.log);
  const trace = buildTrace({
    classes: 6,
    labels: Int32Array.of(0),
    logits: {
      small: logs(0.3, 0.2, 0.2, 0.1, 0.15, 0.05),
      large: logs(0.1, 0.3, 0.2, 0.14, 0.08, 0.18),
    },
    cost: { small: 1, large: 10 },
    successors: { start: ["small"], small: ["large"], large: [] },
  });
  for (const [kind, loss] of [["signed5", 0.18 - 0.08], ["top5", 0.18]] as const) {
    const options = { kind, combine: "last", policyMs: 0 } as const;
    const problem = buildProblem(trace, allRows(trace), options);
    const own = { ...options, posterior: [0, 1] };
    const { states } = softenProblem(trace, allRows(trace), problem, own);
    assertAlmostEquals(states[1]!.loss![0]!, loss, 1e-6);
  }
});

Deno.test("softenProblem() leaves disagreement as it is", () => {
  const trace = syntheticTrace({ count: 50 });
  const options = { kind: "consistency", combine: "last", policyMs: 0 } as const;
  const problem = buildProblem(trace, allRows(trace), options);
  const own = { ...options, posterior: [1, 1, 1] };
  assert(softenProblem(trace, allRows(trace), problem, own) === problem);
});
