import { formatNpy, type NpyArray } from "./npy.ts";
import { packNpz } from "./npz.ts";
import { answerArrays, type AnswerOptions, readAnswers } from "./trace_answers.ts";
import { TraceArrays } from "./trace_arrays.ts";
import { checkPart, checkTrace } from "./trace_check.ts";
import { TraceError, withSource } from "./trace_error.ts";
import { formatMeta, parseMeta, type TraceMeta } from "./trace_meta.ts";
import type { Trace } from "./types.ts";

export { TraceError } from "./trace_error.ts";

/** Options of {@linkcode encodeTrace}. */
export type EncodeTraceOptions = AnswerOptions;

/**
 * Reads a trace: a `.npz` file as `docs/traces.md` describes it, which NumPy can write as well.
 *
 * @param bytes The file.
 * @param source What the file is called in errors.
 * @returns The trace, with everything in it checked.
 * @throws {TraceError} If anything in it cannot be; names the array and the row.
 *
 * @example Round trip
 * ```ts
 * import { decodeTrace, encodeTrace } from "./traces.ts";
 * import { syntheticTrace } from "../../../tests/harness/generators/traces.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const trace = syntheticTrace({ count: 10 });
 * const bytes = encodeTrace(trace, { logits: "float32" });
 * assertEquals(decodeTrace(bytes, "synthetic.npz").logits, trace.logits);
 * ```
 */
export function decodeTrace(bytes: Uint8Array, source: string): Trace {
  return withSource(source, () => {
    const arrays = new TraceArrays(bytes);
    const meta = parseMeta(arrays.texts("meta", [])[0] as string);
    checkNames(arrays, meta);
    const { count, classes, logits } = readAnswers(arrays, meta);
    const trace: Trace = {
      ...meta,
      count,
      classes,
      labels: arrays.has("labels") ? arrays.integers("labels", [count]) : undefined,
      logits,
      ...readCosts(arrays, meta),
      ids: arrays.has("ids")
        ? arrays.texts("ids", [count])
        : Array.from({ length: count }, (_, row) => `${row}`),
      part: readPart(arrays, count),
    };
    checkTrace(trace);
    return trace;
  });
}

/**
 * Writes a trace as a `.npz` file. Equal traces make equal files.
 *
 * @param trace The trace.
 * @param options See {@linkcode EncodeTraceOptions}.
 * @returns The file.
 * @throws {TraceError} If the trace could not be read again, or has logits too large for float16.
 * @throws {RangeError} If fewer logits are to be kept than a reader takes, or more than there are.
 */
export function encodeTrace(trace: Trace, options: EncodeTraceOptions = {}): Uint8Array {
  const { top } = options;
  // Dense traces do not say it, so that earlier readers take them.
  const meta = formatMeta({ ...trace, classes: top === undefined ? undefined : trace.classes });
  return withSource(`trace of ${trace.pair}`, () => {
    parseMeta(meta);
    checkTrace(trace);
    const arrays = new Map<string, NpyArray>();
    const rows = [trace.count];
    arrays.set("meta", { shape: [], values: [meta] });
    if (trace.labels) arrays.set("labels", { shape: rows, values: trace.labels });
    for (const node of trace.nodes) {
      for (const [name, array] of answerArrays(trace, node, options)) arrays.set(name, array);
      arrays.set(`cost.${node}`, costArray(trace, node));
    }
    if (trace.ids.some((id, row) => id !== String(row))) {
      arrays.set("ids", { shape: rows, values: writable(trace.ids) });
    }
    arrays.set("part", { shape: rows, values: trace.part });
    return packNpz(new Map([...arrays].map(([name, array]) => [name, formatNpy(array)])));
  });
}

const ARRAY_OF_NODE = /^(?:logits|top|top_logits|log_sum_exp|cost)\.(.*)$/;

function checkNames(arrays: TraceArrays, { nodes }: TraceMeta): void {
  for (const array of arrays.names()) {
    if (["meta", "labels", "ids", "part"].includes(array)) continue;
    const [, node] = ARRAY_OF_NODE.exec(array) ?? [];
    if (node === undefined) throw new TraceError("unknown array", { array });
    if (!nodes.includes(node)) {
      throw new TraceError(`unknown node, expected one of ${nodes.join(", ")}`, { array });
    }
  }
}

function readPart(arrays: TraceArrays, count: number): Uint8Array {
  if (!arrays.has("part")) return new Uint8Array(count);
  const part = arrays.integers("part", [count]);
  checkPart(part);
  return Uint8Array.from(part);
}

function byNode<T>({ nodes }: TraceMeta, value: (node: string) => T): Record<string, T> {
  return Object.fromEntries(nodes.map((node) => [node, value(node)]));
}

function readCosts(arrays: TraceArrays, meta: TraceMeta): Pick<Trace, "cost" | "spread"> {
  const costs = byNode(meta, (node) => {
    const array = `cost.${node}`;
    return arrays.numbers(array, arrays.shape(array).length === 0 ? [] : [3]);
  });
  const ranges = Object.entries(costs).filter(([, values]) => values.length === 3)
    .map(([node, values]) => [node, [values[1] as number, values[2] as number]] as const);
  return {
    cost: byNode(meta, (node) => costs[node]?.[0] as number),
    ...(ranges.length > 0 && { spread: Object.fromEntries(ranges) }),
  };
}

function costArray({ cost, spread }: Trace, node: string): NpyArray {
  const range = spread?.[node];
  const values = Float64Array.of(cost[node] as number, ...range ?? []);
  return { shape: range ? [3] : [], values };
}

/** NumPy fills up with NUL and cuts it off again. */
function writable(ids: readonly string[]): readonly string[] {
  const row = ids.findIndex((id) => id.includes("\0") || !id.isWellFormed());
  if (row < 0) return ids;
  throw new TraceError("expected text without NUL or lone surrogates", { array: "ids", row });
}
