import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { formatNpy } from "./npy.ts";
import { packNpz, unpackNpz } from "./npz.ts";
import { decodeTrace, encodeTrace, TraceError } from "./traces.ts";
import type { Trace } from "./types.ts";

const nodeNames = fc.uniqueArray(
  fc.stringMatching(/^[A-Za-z][A-Za-z0-9_-]{0,8}$/).filter((name) =>
    name !== "start" && name !== "exit"
  ),
  { minLength: 2, maxLength: 4 },
);

const milliseconds = fc.double({ min: 1e-6, max: 1e6, noNaN: true });

/** Any trace: a chain with some jumps, each node reads some of those that have always run. */
const traces: fc.Arbitrary<Trace> = fc.record({
  nodes: nodeNames,
  count: fc.integer({ min: 2, max: 12 }),
  classes: fc.integer({ min: 2, max: 5 }),
  measured: fc.string({ minLength: 1 }),
}).chain(({ nodes, count, classes, measured }) => {
  const ofEach = <T>(value: (node: string, index: number) => fc.Arbitrary<T>) =>
    fc.tuple(...nodes.map(value)).map((values): Record<string, T> =>
      Object.fromEntries(nodes.map((node, index) => [node, values[index] as T]))
    );
  const word = fc.string({ unit: "grapheme" }).filter((text) => !text.includes("\0"));
  return fc.record({
    jumps: ofEach((_, index) => fc.subarray(nodes.slice(index + 2))),
    reads: ofEach((_, index) => fc.subarray(nodes.slice(0, Math.min(index, 1)))),
    models: ofEach(() => fc.stringMatching(/^[0-9a-f]{64}$/)),
    logits: ofEach(() =>
      fc.float32Array({
        minLength: count * classes,
        maxLength: count * classes,
        min: -65504,
        max: 65504,
        noNaN: true,
      })
    ),
    cost: ofEach(() => milliseconds),
    labels: fc.option(
      fc.array(fc.nat(classes - 1), { minLength: count, maxLength: count })
        .map((labels) => Int32Array.of(0, 1, ...labels.slice(2))),
      { nil: undefined },
    ),
    ids: fc.uniqueArray(word, { minLength: count, maxLength: count }),
    part: fc.uint8Array({ min: 0, max: 1, minLength: count, maxLength: count }),
    spread: fc.boolean(),
  }).map(({ jumps, spread, ...members }): Trace => ({
    ...members,
    ...(spread && {
      spread: Object.fromEntries(
        nodes.map((node) => [node, [members.cost[node] as number / 2, 2e6]]),
      ),
    }),
    pair: "any",
    nodes,
    count,
    classes,
    measured,
    full: nodes.at(-1) as string,
    successors: Object.fromEntries([
      ["start", [nodes[0] as string]],
      ...nodes.map((node, index) => [
        node,
        [...nodes.slice(index + 1, index + 2), ...jumps[node] as string[]],
      ]),
    ]),
  }));
});

Deno.test("decodeTrace() reads what encodeTrace() writes", () => {
  fc.assert(fc.property(traces, (trace) => {
    assertEquals(decodeTrace(encodeTrace(trace, { logits: "float32" }), "any"), {
      ...trace,
      labels: trace.labels,
    });
  }));
});

/** Runs the decoder and lets through only what a caller must expect. */
function decodeOrRefuse(bytes: Uint8Array): void {
  try {
    decodeTrace(bytes, "any");
  } catch (error) {
    if (!(error instanceof TraceError)) throw error;
  }
}

Deno.test("decodeTrace() throws nothing but TraceError for any bytes", () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), decodeOrRefuse));
});

/** Traces that NumPy wrote, with every array that there can be. */
const [whole, compact] = await Promise.all(["full", "compact"].map((name) => {
  return Deno.readFile(new URL(`../../../tests/fixtures/traces/${name}.npz`, import.meta.url));
})) as [Uint8Array, Uint8Array];

Deno.test("decodeTrace() throws nothing but TraceError for any part of a trace", () => {
  fc.assert(fc.property(fc.nat(whole.length), (at) => {
    decodeOrRefuse(whole.subarray(0, at));
    decodeOrRefuse(whole.subarray(at));
  }));
});

Deno.test("decodeTrace() throws nothing but TraceError whatever is changed in an array", () => {
  const change = fc.tuple(fc.nat(), fc.nat(400), fc.uint8Array({ minLength: 1, maxLength: 8 }));
  fc.assert(
    fc.property(fc.constantFrom(whole, compact), change, (trace, [which, at, values]) => {
      const files = unpackNpz(trace);
      const name = [...files.keys()][which % files.size] as string;
      const file = (files.get(name) as Uint8Array).slice();
      file.set(values.subarray(0, Math.max(0, file.length - at)), Math.min(at, file.length));
      decodeOrRefuse(packNpz(files.set(name, file)));
    }),
    { numRuns: 500 },
  );
});

Deno.test("decodeTrace() throws nothing but TraceError for any meta", () => {
  const members = fc.record({
    format: fc.constant(1),
    pair: fc.constant("any"),
    graph: fc.oneof(
      fc.dictionary(
        fc.constantFrom("start", "a", "b", "c", "toString"),
        fc.subarray(["a", "b", "c"]),
      ),
      fc.jsonValue(),
    ),
    models: fc.constant({ a: "0".repeat(64), b: "1".repeat(64), c: "2".repeat(64) }),
    reads: fc.oneof(fc.jsonValue(), fc.constant({ toString: [] })),
    measured: fc.constant("here"),
  }, { requiredKeys: [] });
  fc.assert(fc.property(fc.oneof(members, fc.jsonValue()), (meta) => {
    const file = formatNpy({ shape: [], values: [JSON.stringify(meta)] });
    decodeOrRefuse(packNpz(new Map([["meta", file]])));
  }));
});
