import { assert, assertAlmostEquals } from "@std/assert";
import { allRows } from "../replay/simulate.ts";
import { fitTemperature } from "./temperature.ts";
import { buildTrace, syntheticTrace } from "../../../tests/harness/generators/traces.ts";

/** Two classes; an answer of logit z is right with the probability that softmax(z / 2) gives. */
const TRACE = (() => {
  const labels: number[] = [];
  const logits: number[] = [];
  for (const z of [1, 2, 3]) {
    const right = Math.round(1000 / (1 + Math.exp(-z / 2)));
    for (let row = 0; row < 1000; row++) {
      logits.push(z, 0);
      labels.push(row < right ? 0 : 1);
    }
  }
  return buildTrace({
    classes: 2,
    labels: Int32Array.from(labels),
    logits: { only: Float32Array.from(logits) },
    cost: { only: 1 },
    successors: { start: ["only"], only: [] },
  });
})();

Deno.test("fitTemperature() finds the temperature that the answers were made with", () => {
  assertAlmostEquals(fitTemperature(TRACE, allRows(TRACE), "only"), 2, 0.02);
});

Deno.test("fitTemperature() finds a likelihood that its neighbours do not reach", () => {
  const trace = syntheticTrace({ count: 800 });
  const rows = allRows(trace);
  const likelihood = (temperature: number) => {
    let sum = 0;
    for (let row = 0; row < trace.count; row++) {
      const own = trace.logits.small!.subarray(10 * row, 10 * row + 10).map((z) => z / temperature);
      const total = own.reduce((all, z) => all + Math.exp(z), 0);
      sum += own[trace.labels![row]!]! - Math.log(total);
    }
    return sum;
  };
  const best = fitTemperature(trace, rows, "small");
  for (const factor of [0.8, 0.95, 1.05, 1.25]) {
    assert(likelihood(best) >= likelihood(best * factor) - 1e-3);
  }
});

Deno.test("fitTemperature() stays within limits where all answers are right", () => {
  const all = { ...TRACE, labels: new Int32Array(TRACE.count) };
  assertAlmostEquals(fitTemperature(all, allRows(all), "only"), 0.05, 1e-6);
});
