import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { dealFolds } from "../stats/folds.ts";
import { fitEnsemble, fitPosterior } from "./ensemble.ts";
import { seededRandom } from "../stats/random.ts";
import { allRows } from "../replay/simulate.ts";
import { buildTrace, syntheticTrace } from "../../../tests/harness/generators/traces.ts";
import type { Trace } from "../trace/types.ts";

/** Two nodes that each see the label through noise of their own, so that the best pool is known. */
function noisyTrace(scales: readonly [number, number], count = 6000): Trace {
  const random = seededRandom(7);
  const labels = Int32Array.from({ length: count }, () => random.below(2));
  const logits = { small: new Float32Array(2 * count), large: new Float32Array(2 * count) };
  labels.forEach((label, row) => {
    Object.values(logits).forEach((own, node) => {
      // x ~ N(±1, 1): the logarithm of the odds is 2x.
      const x = (label === 1 ? 1 : -1) + random.normal();
      own[2 * row + 1] = 2 * x * scales[node]!;
    });
  });
  return buildTrace({
    classes: 2,
    labels,
    logits,
    cost: { small: 1, large: 10 },
    successors: { start: ["small"], small: ["large"], large: [] },
  });
}

Deno.test("fitPosterior() finds the weights of independent evidence, whatever its scale", () => {
  const trace = noisyTrace([0.5, 2]);
  const [small, large] = fitPosterior(trace, allRows(trace));
  assertAlmostEquals(small!, 2, 0.2);
  assertAlmostEquals(large!, 0.5, 0.05);
});

Deno.test("fitEnsemble() pools with the full model where that is better on other rows", () => {
  const trace = noisyTrace([1, 1]);
  const rows = allRows(trace);
  const { weights } = fitEnsemble(trace, rows, {
    kind: "signed",
    fold: dealFolds(rows.length, 5, 1),
  });
  assertEquals(Object.keys(weights), ["small", "small>large"]);
  assertAlmostEquals(weights["small>large"]![0]!, 1, 0.1);
});

Deno.test("fitEnsemble() lets the full model answer alone where a pool does not help", () => {
  const trace = noisyTrace([1, 1]);
  // A node that knows nothing.
  const random = seededRandom(1);
  const small = trace.logits.small!.map(() => random.normal());
  const own = { ...trace, logits: { ...trace.logits, small } };
  const rows = allRows(own);
  const { weights } = fitEnsemble(own, rows, { kind: "top1", fold: dealFolds(rows.length, 5, 1) });
  assertEquals(Object.keys(weights), ["small"]);
});

Deno.test("fitEnsemble() is a function of its arguments and finite without any error", () => {
  const trace = syntheticTrace({ count: 300 });
  const perfect = { ...trace, labels: undefined };
  const fold = dealFolds(300, 5, 1);
  const fit = () => fitEnsemble(perfect, allRows(perfect), { kind: "consistency", fold });
  assertEquals(fit(), fit());
  assert(Object.values(fit().weights).flat().every((weight) => Math.abs(weight) < 1e6));
});
