/** What is wrong with a trace is named: the array, the row, the value and what was expected. */
import { assertEquals, assertThrows } from "@std/assert";
import type { NpyArray } from "./npy.ts";
import { packNpz } from "./npz.ts";
import { type Arrays, packArrays, type Refusal } from "../../../tests/harness/files/trace_files.ts";
import { decodeTrace, TraceError } from "./traces.ts";

const META = {
  format: 1,
  pair: "test",
  graph: { start: ["a"], a: ["b", "c"], b: ["c"], c: [] },
  models: { a: "0".repeat(64), b: "1".repeat(64), c: "2".repeat(64) },
  measured: "here",
};

function floats(shape: number[], ...values: number[]): NpyArray {
  return { shape, values: Float32Array.from(values) };
}

function text(shape: number[], ...values: string[]): NpyArray {
  return { shape, values };
}

function meta(change: Record<string, unknown>): Arrays {
  return { meta: text([], JSON.stringify({ ...META, ...change })) };
}

/** Four examples, two classes, three nodes. */
const WHOLE: Arrays = {
  ...meta({}),
  labels: { shape: [4], values: BigInt64Array.of(0n, 1n, 1n, 0n) },
  "logits.a": floats([4, 2], 1, 2, 3, 4, 5, 6, 7, 8),
  "logits.b": floats([4, 2], 1, 2, 3, 4, 5, 6, 7, 8),
  "logits.c": floats([4, 2], 1, 2, 3, 4, 5, 6, 7, 8),
  "cost.a": floats([], 0.5),
  "cost.b": floats([3], 1, 0.5, 2),
  "cost.c": floats([], 9),
  ids: text([4], "p", "q", "r", "s"),
  part: { shape: [4], values: Uint8Array.of(0, 0, 0, 1) },
};

const GRAPH = META.graph;

const REFUSALS: Refusal[] = [
  {
    what: "logits that are not a number",
    change: { "logits.b": floats([4, 2], 1, 2, 3, 4, 5, NaN, 7, 8) },
    array: "logits.b",
    row: 2,
    reason: "expected a finite number for class 1, got NaN",
  },
  {
    what: "infinite logits",
    change: { "logits.c": floats([4, 2], 1, 2, 3, 4, 5, 6, -Infinity, 8) },
    array: "logits.c",
    row: 3,
    reason: "expected a finite number for class 0, got -Infinity",
  },
  {
    what: "logits of fewer examples",
    change: { "logits.b": floats([3, 2], 1, 2, 3, 4, 5, 6) },
    array: "logits.b",
    reason: "expected shape [4, 2], got [3, 2]",
  },
  {
    what: "logits of fewer classes",
    change: { "logits.c": floats([4, 1], 1, 2, 3, 4) },
    array: "logits.c",
    reason: "expected shape [4, 2], got [4, 1]",
  },
  {
    what: "logits of one dimension",
    change: { "logits.a": floats([4], 1, 2, 3, 4) },
    array: "logits.a",
    reason: "expected [examples, classes] of at least [1, 2], got [4]",
  },
  {
    what: "no examples",
    change: { "logits.a": floats([0, 2]) },
    array: "logits.a",
    reason: "expected [examples, classes] of at least [1, 2], got [0, 2]",
  },
  {
    what: "a single output",
    change: { "logits.a": floats([4, 1], 1, 2, 3, 4) },
    array: "logits.a",
    reason: "got [4, 1]",
  },
  {
    what: "logits that are integers",
    change: { "logits.a": { shape: [4, 2], values: new Int32Array(8) } },
    array: "logits.a",
    reason: "expected float16, float32 or float64, got dtype <i4",
  },
  {
    what: "a node without logits",
    change: { "logits.b": undefined },
    array: "logits.b",
    reason: "missing",
  },
  {
    what: "a node without cost",
    change: { "cost.c": undefined },
    array: "cost.c",
    reason: "missing",
  },
  {
    what: "logits of an unknown node",
    change: { "logits.d": floats([4, 2], 1, 2, 3, 4, 5, 6, 7, 8) },
    array: "logits.d",
    reason: "unknown node, expected one of a, b, c",
  },
  {
    what: "a cost of an unknown node",
    change: { "cost.toString": floats([], 1) },
    array: "cost.toString",
    reason: "unknown node",
  },
  {
    what: "an unknown array",
    change: { label: floats([4], 1, 2, 3, 4) },
    array: "label",
    reason: "unknown array",
  },
  {
    what: "a cost of nothing",
    change: { "cost.a": floats([], 0) },
    array: "cost.a",
    reason: "expected milliseconds above 0, got 0",
  },
  {
    what: "a cost that is not a number",
    change: { "cost.c": floats([], NaN) },
    array: "cost.c",
    reason: "got NaN",
  },
  {
    what: "an infinite bound of a cost",
    change: { "cost.b": floats([3], 1, 0.5, Infinity) },
    array: "cost.b",
    reason: "got Infinity",
  },
  {
    what: "bounds of a cost in another order",
    change: { "cost.b": floats([3], 0.5, 1, 2) },
    array: "cost.b",
    reason: "median 0.5, p10 1, p90 2",
  },
  {
    what: "two costs",
    change: { "cost.b": floats([2], 0.5, 1) },
    array: "cost.b",
    reason: "expected shape [3], got [2]",
  },
  {
    what: "a cost in words",
    change: { "cost.b": text([], "1 ms") },
    array: "cost.b",
    reason: "expected real numbers, got dtype <U4",
  },
  {
    what: "a label beyond the classes",
    change: { labels: { shape: [4], values: Uint8Array.of(0, 1, 2, 0) } },
    array: "labels",
    row: 2,
    reason: "expected a class from 0 to 1, got 2",
  },
  {
    what: "a label below 0",
    change: { labels: { shape: [4], values: Int8Array.of(0, 1, 1, -1) } },
    array: "labels",
    row: 3,
    reason: "got -1",
  },
  {
    what: "a label of more than 32 bits",
    change: { labels: { shape: [4], values: BigInt64Array.of(0n, 2n ** 32n, 1n, 0n) } },
    array: "labels",
    row: 1,
    reason: "got 4294967296",
  },
  {
    what: "labels that are not integers",
    change: { labels: floats([4], 0, 1, 1, 0) },
    array: "labels",
    reason: "expected integers, got dtype <f4",
  },
  {
    what: "labels of fewer examples",
    change: { labels: { shape: [3], values: Int32Array.of(0, 1, 1) } },
    array: "labels",
    reason: "expected shape [4], got [3]",
  },
  {
    what: "one class only",
    change: { labels: { shape: [4], values: Int32Array.of(1, 1, 1, 1) } },
    array: "labels",
    reason: "expected two classes or more, got only 1",
  },
  {
    what: "an unknown part",
    change: { part: { shape: [4], values: Int32Array.of(0, 256, 1, 0) } },
    array: "part",
    row: 1,
    reason: "expected 0 or 1, got 256",
  },
  {
    what: "an id twice",
    change: { ids: text([4], "p", "q", "p", "s") },
    array: "ids",
    row: 2,
    reason: "expected an id of its own, got p as in row 0",
  },
  {
    what: "ids that are numbers",
    change: { ids: { shape: [4], values: Int32Array.of(1, 2, 3, 4) } },
    array: "ids",
    reason: "expected text (dtype <U…), got dtype <i4",
  },
  { what: "a trace without meta", change: { meta: undefined }, array: "meta", reason: "missing" },
  {
    what: "meta that is a list",
    change: { meta: text([1], "{}") },
    array: "meta",
    reason: "expected shape [], got [1]",
  },
  {
    what: "meta that is not JSON",
    change: { meta: text([], "pair: test") },
    array: "meta",
    reason: 'expected JSON, got "pair: test"',
  },
  { what: "meta that is null", change: { meta: text([], "null") }, array: "meta", reason: "null" },
  { what: "another format", change: meta({ format: 2 }), array: "meta", reason: "format: " },
  {
    what: "an unknown member",
    change: meta({ license: "MIT" }),
    array: "meta",
    reason: "license: unknown member",
  },
  {
    what: "a pair that is a path",
    change: meta({ pair: "../test" }),
    array: "meta",
    reason: "pair: expected lower-case letters",
  },
  {
    what: "a hash that is none",
    change: meta({ models: { ...META.models, b: "abc" } }),
    array: "meta",
    reason: 'models.b: expected SHA-256 in 64 lower-case hex digits, got "abc"',
  },
  {
    what: "a node that is called exit",
    change: meta({ models: { ...META.models, exit: "0".repeat(64) } }),
    array: "meta",
    reason: "models.exit: expected the name of a node",
  },
  {
    what: "a node without a model",
    change: meta({ graph: { ...GRAPH, d: ["c"] } }),
    array: "meta",
    reason: "graph.d: there is no such model, expected one of a, b, c",
  },
  {
    what: "a model that is not in the graph",
    change: meta({ graph: { a: ["b"], b: [] } }),
    array: "meta",
    reason: "graph.c: missing",
  },
  {
    what: "a graph with a cycle",
    change: meta({ graph: { ...GRAPH, b: ["c", "a"] } }),
    array: "meta",
    reason: "graph.a: cycle a → b → a, expected none",
  },
  {
    what: "two full models",
    change: meta({ graph: { ...GRAPH, b: [] } }),
    array: "meta",
    reason: "graph: expected one node without successors (the full model), got b, c",
  },
  {
    what: "another full model than the graph's",
    change: meta({ full: "b" }),
    array: "meta",
    reason: 'full: expected c, the node that none follows, got "b"',
  },
  {
    what: "a node that reads what need not have run",
    change: meta({ reads: { c: ["a", "b"] } }),
    array: "meta",
    reason: "reads.c.1: b has not run on every path to c",
  },
  {
    what: "a node that reads itself",
    change: meta({ reads: { b: ["b"] } }),
    array: "meta",
    reason: "reads.b.0: b has not run",
  },
  {
    what: "an unknown node that reads",
    change: meta({ reads: { d: [] } }),
    array: "meta",
    reason: "reads.d: unknown node",
  },
];

Deno.test("decodeTrace() takes the trace that the others are changed from", () => {
  assertEquals(decodeTrace(packArrays(WHOLE), "test").nodes, ["a", "b", "c"]);
});

for (const { what, change, array, row, reason } of REFUSALS) {
  Deno.test(`decodeTrace() refuses ${what}`, () => {
    const bytes = packArrays({ ...WHOLE, ...change });
    const error = assertThrows(() => decodeTrace(bytes, "x.npz"), TraceError, reason);
    assertEquals([error.array, error.row], [array, row]);
    const place = row === undefined ? array : `${array}, row ${row}`;
    assertEquals(error.message, `Cannot use x.npz: ${place}: ${error.reason}`);
  });
}

Deno.test("decodeTrace() names the array whose file cannot be read", () => {
  const files = new Map([["labels", new TextEncoder().encode("0, 1, 1, 0")]]);
  const error = assertThrows(() => decodeTrace(packNpz(files), "x"), TraceError, ".npy file");
  assertEquals(error.array, "labels");
});

Deno.test("decodeTrace() names no array where the file is not a zip", () => {
  const error = assertThrows(() => decodeTrace(new Uint8Array(99), "x.npz"), TraceError);
  assertEquals(error.array, undefined);
  assertEquals(error.message.slice(0, 45), "Cannot use x.npz: expected a zip file (.npz),");
});
