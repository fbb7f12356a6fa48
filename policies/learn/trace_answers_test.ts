/** Traces that keep only the largest logits: what is written, read and refused. */
import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { formatNpy, type NpyArray } from "./npy.ts";
import { packNpz, unpackNpz } from "./npz.ts";
import { allRows } from "./simulate.ts";
import { fullAnswers, logitsAt } from "./loss.ts";
import { logSumExpOf } from "./compact.ts";
import { syntheticTrace } from "./testing.ts";
import { decodeTrace, encodeTrace, TraceError } from "./traces.ts";

const FIXTURES = new URL("../../tests/fixtures/traces/", import.meta.url);

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

type Arrays = Readonly<Record<string, NpyArray | undefined>>;

const META = {
  format: 1,
  pair: "test",
  graph: { a: ["b"], b: [] },
  models: { a: "0".repeat(64), b: "1".repeat(64) },
  measured: "here",
  classes: 12,
};

function meta(change: Record<string, unknown>): Arrays {
  return { meta: { shape: [], values: [JSON.stringify({ ...META, ...change })] } };
}

/** Two rows: classes 0 to 9, logits 0 to −9. */
function top(change: Record<number, number> = {}, k = 10): NpyArray {
  const values = Int32Array.from({ length: 2 * k }, (_, at) => change[at] ?? at % k);
  return { shape: [2, k], values };
}

function topLogits(change: Record<number, number> = {}, k = 10): NpyArray {
  const values = Float32Array.from({ length: 2 * k }, (_, at) => change[at] ?? -(at % k));
  return { shape: [2, k], values };
}

function sums(...values: number[]): NpyArray {
  return { shape: [values.length], values: Float32Array.from(values) };
}

const COMPACT: Arrays = {
  "top.a": top(),
  "top_logits.a": topLogits(),
  "log_sum_exp.a": sums(0.4587, 0.4587),
};
const DENSE: NpyArray = { shape: [2, 12], values: new Float32Array(24) };
const WHOLE: Arrays = {
  ...meta({}),
  ...COMPACT,
  "logits.b": DENSE,
  "cost.a": { shape: [], values: Float32Array.of(1) },
  "cost.b": { shape: [], values: Float32Array.of(9) },
};

function pack(arrays: Arrays): Uint8Array {
  const files = Object.entries(arrays).flatMap(([name, array]) =>
    array ? [[name, formatNpy(array)] as const] : []
  );
  return packNpz(new Map(files));
}

Deno.test("decodeTrace() takes a trace of which one node is compact, in either place", () => {
  const first = decodeTrace(pack(WHOLE), "test");
  assertEquals([first.count, first.classes], [2, 12]);
  const graph = { b: ["a"], a: [] };
  assertEquals(decodeTrace(pack({ ...WHOLE, ...meta({ graph }) }), "test").logits, {
    b: first.logits["b"]!,
    a: first.logits["a"]!,
  });
  assertEquals(
    decodeTrace(
      pack({
        ...WHOLE,
        "logits.a": DENSE,
        "top.a": undefined,
        "top_logits.a": undefined,
        "log_sum_exp.a": undefined,
      }),
      "test",
    ).classes,
    12,
  );
});

interface Refusal {
  what: string;
  change: Arrays;
  array: string;
  row?: number;
  reason: string;
}

const REFUSALS: Refusal[] = [
  {
    what: "a node that is dense and compact",
    change: { "logits.a": DENSE },
    array: "top.a",
    reason: "expected either this or logits.a, got both",
  },
  {
    what: "a dense node with a sum",
    change: { "log_sum_exp.b": sums(0, 0) },
    array: "log_sum_exp.b",
    reason: "expected either this or logits.b, got both",
  },
  {
    what: "compact answers without the number of classes",
    change: meta({ classes: undefined }),
    array: "meta",
    reason: "classes: expected their number, as there is top.a, got none",
  },
  {
    what: "a number of classes that is none",
    change: meta({ classes: 12.5 }),
    array: "meta",
    reason: "classes: expected a whole number, got 12.5",
  },
  {
    what: "a single class",
    change: meta({ classes: 1 }),
    array: "meta",
    reason: "classes: expected two classes or more, got 1",
  },
  {
    what: "more classes than fit into memory",
    change: meta({ classes: 1e9 }),
    array: "meta",
    reason: "classes: expected at most 536870912 logits in all, got 2000000000",
  },
  {
    what: "another number of classes than that of dense answers",
    change: meta({ classes: 13 }),
    array: "logits.b",
    reason: "expected shape [2, 13], got [2, 12]",
  },
  {
    what: "logits without classes",
    change: { "top.a": undefined },
    array: "top.a",
    reason: "missing",
  },
  {
    what: "classes without logits",
    change: { "top_logits.a": undefined },
    array: "top_logits.a",
    reason: "missing",
  },
  {
    what: "a top without its sum",
    change: { "log_sum_exp.a": undefined },
    array: "log_sum_exp.a",
    reason: "missing",
  },
  {
    what: "more logits than classes of the top",
    change: { "top_logits.a": topLogits({}, 11) },
    array: "top_logits.a",
    reason: "expected shape [2, 10], got [2, 11]",
  },
  {
    what: "sums of other examples",
    change: { "log_sum_exp.a": sums(0.4587) },
    array: "log_sum_exp.a",
    reason: "expected shape [2], got [1]",
  },
  {
    what: "fewer than ten",
    change: { "top.a": top({}, 9), "top_logits.a": topLogits({}, 9) },
    array: "top.a",
    reason: "k from 10 to 12, got [2, 9]",
  },
  {
    what: "a larger top than there are classes",
    change: { "top.a": top({}, 13), "top_logits.a": topLogits({}, 13) },
    array: "top.a",
    reason: "k from 10 to 12, got [2, 13]",
  },
  {
    what: "no examples in a compact node",
    change: { "top.a": { shape: [0, 10], values: new Int32Array() } },
    array: "top.a",
    reason: "one example or more and k from 10 to 12, got [0, 10]",
  },
  {
    what: "a class beyond the last in a top",
    change: { "top.a": top({ 13: 12 }) },
    array: "top.a",
    row: 1,
    reason: "expected a class from 0 to 11, got 12",
  },
  {
    what: "a class below 0 in a top",
    change: { "top.a": top({ 3: -1 }) },
    array: "top.a",
    row: 0,
    reason: "got -1",
  },
  {
    what: "a class of more than 32 bits in a top",
    change: {
      "top.a": {
        shape: [2, 10],
        values: BigInt64Array.from(Array(20).fill(0n).with(12, 2n ** 40n)),
      },
    },
    array: "top.a",
    row: 1,
    reason: "expected an integer of 32 bits, got 1099511627776",
  },
  {
    what: "classes of a top that are not integers",
    change: { "top.a": topLogits() },
    array: "top.a",
    reason: "expected integers, got dtype <f4",
  },
  {
    what: "a class twice in a row",
    change: { "top.a": top({ 19: 3 }) },
    array: "top.a",
    row: 1,
    reason: "expected every class once at most, got 3 twice",
  },
  {
    what: "top logits that rise",
    change: { "top_logits.a": topLogits({ 14: -2.5 }) },
    array: "top_logits.a",
    row: 1,
    reason: "expected the largest first, got -2.5 for class 4 after -3 for class 3",
  },
  {
    what: "top logits that are not a number",
    change: { "top_logits.a": topLogits({ 14: NaN }) },
    array: "top_logits.a",
    row: 1,
    reason: "expected a finite number for class 4, got NaN",
  },
  {
    what: "infinite top logits",
    change: { "top_logits.a": topLogits({ 0: Infinity }) },
    array: "top_logits.a",
    row: 0,
    reason: "expected a finite number for class 0, got Infinity",
  },
  {
    what: "a sum that is not finite",
    change: { "log_sum_exp.a": sums(0.4587, -Infinity) },
    array: "log_sum_exp.a",
    row: 1,
    reason: "expected a finite number, got -Infinity",
  },
  {
    what: "a sum below that of the top",
    change: { "log_sum_exp.a": sums(0.4587, 0.4) },
    array: "log_sum_exp.a",
    row: 1,
    reason: "expected at least 0.45863, as the top logits sum to that, got 0.4",
  },
  {
    what: "a sum above what the others can add",
    change: { "log_sum_exp.a": sums(0.48, 0.4587) },
    array: "log_sum_exp.a",
    row: 0,
    reason: "as no other logit is above -9, got 0.48",
  },
];

for (const { what, change, array, row, reason } of REFUSALS) {
  Deno.test(`decodeTrace() refuses ${what}`, () => {
    const bytes = pack({ ...WHOLE, ...change });
    const error = assertThrows(() => decodeTrace(bytes, "x.npz"), TraceError, reason);
    assertEquals([error.array, error.row], [array, row]);
  });
}
