/** Traces that keep only the largest logits: what is written, read and refused. */
import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { unpackNpz } from "./npz.ts";
import { allRows } from "../replay/simulate.ts";
import { fullAnswers, logitsAt } from "./loss.ts";
import { logSumExpOf } from "./compact.ts";
import { syntheticTrace } from "../../../tests/harness/generators/traces.ts";
import { decodeTrace, encodeTrace, TraceError } from "./traces.ts";

const FIXTURES = new URL("../../../tests/fixtures/traces/", import.meta.url);

Deno.test("decodeTrace() reads a compact trace that NumPy wrote", async () => {
  const trace = decodeTrace(await Deno.readFile(new URL("compact.npz", FIXTURES)), "compact.npz");
  const expected = JSON.parse(await Deno.readTextFile(new URL("compact.json", FIXTURES)));
  assertEquals([trace.count, trace.classes, trace.nodes.length], [30, 120, 3]);
  for (const node of trace.nodes) {
    expected[node].forEach((probabilities: number[], row: number) => {
      const logits = logitsAt(trace.logits[node]!, row, trace.classes);
      const sum = logSumExpOf(logits);
      // Of the small node, 16 of 120 were kept.
      const kept = probabilities.toSorted((a, b) => b - a).slice(0, node === "small" ? 16 : 120);
      logits.toSorted((a, b) => b - a).forEach((logit, place) => {
        if (place < kept.length) assertAlmostEquals(Math.exp(logit - sum), kept[place]!, 1e-5);
      });
      assertEquals(
        logits.indexOf(Math.max(...logits)),
        probabilities.indexOf(Math.max(...probabilities)),
      );
    });
  }
  // Three logits of 11: the lower class comes first.
  const three = logitsAt(trace.logits["small"]!, 3, 120);
  assertEquals([7, 40, 90].map((index) => three[index]), [11, 11, 11]);
});

Deno.test("encodeTrace() keeps the top logits and their sum as NumPy reads them", () => {
  const trace = syntheticTrace({ count: 20, classes: 200 });
  const files = unpackNpz(encodeTrace(trace, { top: 12 }));
  assertEquals([...files.keys()].filter((name) => name.endsWith("medium")), [
    "top.medium",
    "top_logits.medium",
    "log_sum_exp.medium",
    "cost.medium",
  ]);
  const header = (name: string) => new TextDecoder().decode(files.get(name)?.subarray(10, 70));
  assert(header("top.small").includes("'<u2', 'fortran_order': False, 'shape': (20, 12)"));
  assert(header("top_logits.small").includes("'<f2', 'fortran_order': False, 'shape': (20, 12)"));
  assert(header("log_sum_exp.small").includes("'<f8', 'fortran_order': False, 'shape': (20,)"));
  const read = decodeTrace(encodeTrace(trace, { top: 12 }), "test");
  assertEquals({ ...read, logits: {} }, { ...trace, logits: {} });
  assertEquals(fullAnswers(read, allRows(read)), fullAnswers(trace, allRows(trace)));
});

Deno.test("encodeTrace() loses nothing where it keeps the top of all classes", () => {
  const trace = syntheticTrace({ count: 20, classes: 30 });
  const bytes = encodeTrace(trace, { top: 30, logits: "float32" });
  assertEquals(decodeTrace(bytes, "test").logits, trace.logits);
});

Deno.test("encodeTrace() keeps 1,300 answers of four networks to 1,000 classes in under 2 MB", () => {
  const noise = { a: 1.75, b: 1.3, c: 1, d: 0.8 };
  const cost = { a: 1, b: 2, c: 3, d: 4 };
  const successors = { start: ["a"], a: ["b"], b: ["c"], c: ["d"], d: [] };
  const trace = syntheticTrace({ count: 1300, classes: 1000, noise, cost, successors });
  const bytes = encodeTrace(trace, { top: 64 });
  assert(bytes.length < 2e6, `${bytes.length} bytes`);
});

Deno.test("encodeTrace() refuses to keep too few logits, or more than there are", () => {
  const trace = syntheticTrace({ count: 20, classes: 30 });
  for (const top of [0, 9, 31, 10.5, NaN]) {
    assertThrows(
      () => encodeTrace(trace, { top }),
      RangeError,
      `Cannot keep the top ${top} logits: expected a whole number from 10 to 30`,
    );
  }
});

Deno.test("encodeTrace() refuses top logits that half precision cannot hold", () => {
  const trace = syntheticTrace({ count: 5, classes: 20 });
  const changed = (value: number) => ({
    ...trace,
    logits: { ...trace.logits, medium: trace.logits["medium"]!.with(43, value) },
  });
  const error = assertThrows(
    () => encodeTrace(changed(7e4), { top: 10 }),
    TraceError,
    "got 70000;",
  );
  assertEquals([error.array, error.row], ["top_logits.medium", 2]);
  decodeTrace(encodeTrace(changed(7e4), { top: 10, logits: "float32" }), "test");
  // What is not kept need not fit.
  decodeTrace(encodeTrace(changed(-7e4), { top: 10 }), "test");
});
