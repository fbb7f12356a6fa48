/** What is wrong with a compact trace is named: the array, the row, the value and what was expected. */
import { assertEquals, assertThrows } from "@std/assert";
import type { NpyArray } from "./npy.ts";
import { type Arrays, packArrays, type Refusal } from "../../../tests/harness/files/trace_files.ts";
import { decodeTrace, TraceError } from "./traces.ts";

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

Deno.test("decodeTrace() takes a trace of which one node is compact, in either place", () => {
  const first = decodeTrace(packArrays(WHOLE), "test");
  assertEquals([first.count, first.classes], [2, 12]);
  const graph = { b: ["a"], a: [] };
  assertEquals(decodeTrace(packArrays({ ...WHOLE, ...meta({ graph }) }), "test").logits, {
    b: first.logits["b"]!,
    a: first.logits["a"]!,
  });
  assertEquals(
    decodeTrace(
      packArrays({
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
    const bytes = packArrays({ ...WHOLE, ...change });
    const error = assertThrows(() => decodeTrace(bytes, "x.npz"), TraceError, reason);
    assertEquals([error.array, error.row], [array, row]);
  });
}
