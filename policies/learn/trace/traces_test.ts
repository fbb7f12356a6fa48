import { assert, assertEquals, assertThrows } from "@std/assert";
import { formatNpy } from "./npy.ts";
import { unpackNpz } from "./npz.ts";
import { buildTrace, syntheticTrace } from "../../../tests/harness/generators/traces.ts";
import { decodeTrace, encodeTrace, TraceError } from "./traces.ts";
import type { Trace } from "./types.ts";

const FIXTURES = new URL("../../../tests/fixtures/traces/", import.meta.url);

/** A trace that NumPy wrote, and what its arrays hold by their names. */
// deno-lint-ignore no-explicit-any
async function readFixture(name: string): Promise<{ trace: Trace; arrays: any }> {
  const bytes = await Deno.readFile(new URL(`${name}.npz`, FIXTURES));
  const expected = JSON.parse(await Deno.readTextFile(new URL("expected.json", FIXTURES)));
  return { trace: decodeTrace(bytes, `${name}.npz`), arrays: expected[name] };
}

Deno.test("decodeTrace() reads a trace that NumPy wrote", async () => {
  const { trace, arrays } = await readFixture("full");
  assertEquals([trace.pair, trace.full, trace.measured], ["made-with-numpy", "large", "nowhere"]);
  assertEquals(trace.nodes, ["small", "medium", "large"]);
  assertEquals(trace.successors, {
    start: ["small"],
    small: ["medium", "large"],
    medium: ["large"],
    large: [],
  });
  assertEquals(trace.reads, { small: [], medium: ["small"], large: [] });
  assertEquals(trace.models["medium"], "a".repeat(64));
  assertEquals([trace.count, trace.classes], [40, 5]);
  assertEquals([...trace.labels ?? []], arrays.labels);
  assertEquals(trace.ids, arrays.ids);
  assertEquals([...trace.part], arrays.part.map(Number));
  assertEquals(trace.cost, { small: 0.1, medium: 0.75, large: 6 });
  assertEquals(trace.spread, { small: [0.09, 0.2] });
  for (const node of trace.nodes) {
    const expected = arrays[`logits.${node}`].flat().map(Math.fround);
    assertEquals([...trace.logits[node] ?? []], expected, node);
  }
});

Deno.test("decodeTrace() fills in what may be left out", async () => {
  const { trace } = await readFixture("least");
  assertEquals(trace.nodes, ["small", "medium", "large"]);
  assertEquals(trace.successors["start"], ["small"]);
  assertEquals(trace.full, "large");
  assertEquals(trace.reads, { small: [], medium: [], large: [] });
  assertEquals([trace.labels, trace.spread], [undefined, undefined]);
  assertEquals(trace.ids.slice(0, 3), ["0", "1", "2"]);
  assertEquals(trace.part, new Uint8Array(40));
});

Deno.test("encodeTrace() loses nothing of a trace of half precision", async () => {
  for (const name of ["full", "least"]) {
    const { trace } = await readFixture(name);
    const half = (values: Float32Array) => new Float32Array(new Float16Array(values));
    const logits = Object.fromEntries(
      trace.nodes.map((node) => [node, half(trace.logits[node] as Float32Array)]),
    );
    assertEquals(decodeTrace(encodeTrace({ ...trace, logits }), name), { ...trace, logits });
  }
});

Deno.test("encodeTrace() rounds logits to half precision unless told otherwise", () => {
  const trace = syntheticTrace({ count: 20 });
  const [half, single] = [encodeTrace(trace), encodeTrace(trace, { logits: "float32" })]
    .map((bytes) => decodeTrace(bytes, "test"));
  assertEquals(single?.logits, trace.logits);
  for (const node of trace.nodes) {
    trace.logits[node]?.forEach((value, index) => {
      const rounded = half?.logits[node]?.[index] ?? NaN;
      assert(Math.abs(rounded - value) <= Math.abs(value) * 2 ** -11 + 2 ** -25);
    });
  }
});

Deno.test("encodeTrace() writes each array as NumPy's savez names and stores it", () => {
  const parts = {
    labels: Int32Array.of(0, 1, 1),
    logits: { a: Float32Array.of(1, 2, 3, 4, 5, 6), b: Float32Array.of(0, 0.1, 0.2, 0, -3, 9) },
    cost: { a: 1, b: 2 },
    successors: { start: ["a"], a: ["b"], b: [] },
    classes: 2,
  };
  const trace = { ...buildTrace(parts), spread: { b: [1, 3] as const } };
  const files = unpackNpz(encodeTrace(trace));
  assertEquals([...files.keys()], [
    "meta",
    "labels",
    "logits.a",
    "cost.a",
    "logits.b",
    "cost.b",
    "part",
  ]);
  const half = new Float16Array(trace.logits["a"] as Float32Array);
  assertEquals(files.get("logits.a"), formatNpy({ shape: [3, 2], values: half }));
  assertEquals(files.get("cost.a"), formatNpy({ shape: [], values: Float64Array.of(1) }));
  assertEquals(files.get("cost.b"), formatNpy({ shape: [3], values: Float64Array.of(2, 1, 3) }));
  // The header as NumPy pads it: 128 bytes, then three little-endian integers of four bytes.
  const labels = files.get("labels") as Uint8Array;
  const header = "\x93NUMPY\x01\0\x76\0{'descr': '<i4', 'fortran_order': False, 'shape': (3,), }";
  assertEquals(String.fromCharCode(...labels.subarray(0, 128)), `${header.padEnd(127)}\n`);
  assertEquals(new Int32Array(labels.slice(128).buffer), trace.labels);
});

Deno.test("encodeTrace() makes equal files of equal traces", () => {
  assertEquals(
    encodeTrace(syntheticTrace({ count: 50 })),
    encodeTrace(syntheticTrace({ count: 50 })),
  );
});

Deno.test("encodeTrace() refuses logits that half precision cannot hold", () => {
  const trace = syntheticTrace({ count: 9 });
  const medium = (trace.logits["medium"] as Float32Array).with(43, 65_520);
  const large = { ...trace, logits: { ...trace.logits, medium } };
  const error = assertThrows(() => encodeTrace(large), TraceError, "float32");
  assertEquals([error.array, error.row], ["logits.medium", 4]);
  assertEquals(
    decodeTrace(encodeTrace(large, { logits: "float32" }), "test").logits["medium"],
    medium,
  );
});

Deno.test("encodeTrace() refuses what it could not read again", () => {
  const trace = { ...syntheticTrace({ count: 3 }), labels: Int32Array.of(0, 1, 2) };
  const REFUSALS: [Partial<Trace>, string | undefined, number | undefined][] = [
    [{ ids: ["a", "b\0", "c"] }, "ids", 1],
    [{ ids: ["a", "b", "\ud800"] }, "ids", 2],
    [{ ids: ["a", "b"] }, "ids", undefined],
    [{ part: Uint8Array.of(0, 1, 2) }, "part", 2],
    [{ labels: Int32Array.of(0, 1, 10) }, "labels", 2],
    [{ logits: { ...trace.logits, small: new Float32Array(9) } }, "logits.small", undefined],
    [{ cost: { small: 1, medium: 1 } }, "cost.large", undefined],
    [{ pair: "../secret" }, "meta", undefined],
    [{ successors: { ...trace.successors, large: ["small"] } }, "meta", undefined],
  ];
  for (const [change, array, row] of REFUSALS) {
    const error = assertThrows(() => encodeTrace({ ...trace, ...change }), TraceError);
    assertEquals([error.array, error.row], [array, row], error.message);
  }
});
