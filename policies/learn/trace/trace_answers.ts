import { compact, expand, leastTop } from "./compact.ts";
import { checkCompact, checkTopSize } from "./compact_check.ts";
import type { NpyArray } from "./npy.ts";
import type { TraceArrays } from "./trace_arrays.ts";
import { checkSize } from "./trace_check.ts";
import { TraceError } from "./trace_error.ts";
import type { TraceMeta } from "./trace_meta.ts";
import type { Trace } from "./types.ts";

/** How answers are kept in a trace's file. */
export interface AnswerOptions {
  /**
   * How exactly logits are kept: half precision has three digits and reaches to 65,504.
   *
   * @default "float16"
   */
  readonly logits?: "float16" | "float32" | undefined;
  /**
   * How many of the largest logits of each answer are kept, 10 or more unless there are fewer classes;
   * a reader spreads the remaining probability evenly over the other classes.
   *
   * @default all, as an array of n × classes
   */
  readonly top?: number | undefined;
}

/** What the networks answer. */
export type TraceAnswers = Pick<Trace, "count" | "classes" | "logits">;

/** 2 GiB: a small compact file could claim to be more than fits into memory. */
const MAX_EXPANDED = 2 ** 29;

/**
 * Reads the answers of all nodes, each of which may be dense or compact.
 *
 * @param arrays Arrays of the file.
 * @param meta What the trace says of itself.
 * @returns The answers, n × classes each.
 * @throws {TraceError} If an array cannot be; names it, and the row.
 */
export function readAnswers(arrays: TraceArrays, meta: TraceMeta): TraceAnswers {
  const { nodes } = meta;
  const classes = classesOf(arrays, meta);
  const [first = ""] = nodes;
  const [count = 0] = arrays.shape(isCompact(arrays, first) ? `top.${first}` : `logits.${first}`);
  const expanded = nodes.filter((node) => isCompact(arrays, node)).length * count * classes;
  if (expanded > MAX_EXPANDED) {
    throw new TraceError(
      `classes: expected at most ${MAX_EXPANDED} logits in all, got ${expanded}`,
      { array: "meta" },
    );
  }
  const logits = nodes.map((node) => {
    const answers = isCompact(arrays, node)
      ? readCompact(arrays, node, count, classes)
      : arrays.floats(`logits.${node}`, [count, classes]);
    return [node, answers];
  });
  return { count, classes, logits: Object.fromEntries(logits) };
}

/**
 * Writes the answers of a node.
 *
 * @param trace The trace.
 * @param node The node.
 * @param options See {@linkcode AnswerOptions}.
 * @returns Arrays by name.
 * @throws {TraceError} If logits are too large for float16.
 * @throws {RangeError} If `top` is too small or more than there are classes.
 */
export function answerArrays(
  { logits, count, classes }: Trace,
  node: string,
  { logits: precision = "float16", top: k }: AnswerOptions,
): [name: string, array: NpyArray][] {
  const exact = logits[node] as Float32Array;
  const half = precision === "float16";
  if (k === undefined) {
    const array = `logits.${node}`;
    const rowOf = (at: number) => Math.floor(at / classes);
    const values = half ? toHalf(exact, array, rowOf) : exact;
    return [[array, { shape: [count, classes], values }]];
  }
  if (!Number.isInteger(k) || k < leastTop(classes) || k > classes) {
    throw new RangeError(
      `Cannot keep the top ${k} logits: expected a whole number from ${leastTop(classes)} to ` +
        `${classes}, the number of classes`,
    );
  }
  const array = `top_logits.${node}`;
  const { top, topLogits, logSumExp } = half
    ? compact(exact, classes, k, (values, row) => toHalf(values, array, () => row))
    : compact(exact, classes, k);
  const indices = classes <= 2 ** 16 ? Uint16Array.from(top) : top;
  return [
    [`top.${node}`, { shape: [count, k], values: indices }],
    [array, { shape: [count, k], values: half ? new Float16Array(topLogits) : topLogits }],
    [`log_sum_exp.${node}`, { shape: [count], values: logSumExp }],
  ];
}

function isCompact(arrays: TraceArrays, node: string): boolean {
  const kept = ["top", "top_logits", "log_sum_exp"].map((name) => `${name}.${node}`)
    .find((array) => arrays.has(array));
  if (kept === undefined) return false;
  if (!arrays.has(`logits.${node}`)) return true;
  throw new TraceError(`expected either this or logits.${node}, got both`, { array: kept });
}

/** What meta says; where it says nothing, all logits must be there, and their shape says it. */
function classesOf(arrays: TraceArrays, { nodes, classes }: TraceMeta): number {
  const kept = nodes.find((node) => isCompact(arrays, node));
  if (kept !== undefined && classes === undefined) {
    throw new TraceError(`classes: expected their number, as there is top.${kept}, got none`, {
      array: "meta",
    });
  }
  const [first = ""] = nodes;
  if (isCompact(arrays, first)) {
    checkTopSize(`top.${first}`, arrays.shape(`top.${first}`), classes as number);
    return classes as number;
  }
  const array = `logits.${first}`;
  const shape = arrays.shape(array);
  checkSize(array, shape);
  return classes ?? shape[1] as number;
}

function readCompact(
  arrays: TraceArrays,
  node: string,
  count: number,
  classes: number,
): Float32Array {
  const array = `top.${node}`;
  const shape = arrays.shape(array);
  checkTopSize(array, shape, classes);
  const kept = [count, shape[1] as number];
  const answers = {
    top: arrays.integers(array, kept),
    topLogits: arrays.floats(`top_logits.${node}`, kept),
    logSumExp: arrays.numbers(`log_sum_exp.${node}`, [count]),
  };
  checkCompact(node, answers, classes);
  return expand(answers, classes);
}

function toHalf(exact: Float32Array, array: string, rowOf: (at: number) => number): Float16Array {
  const half = new Float16Array(exact);
  const at = half.findIndex((value) => !Number.isFinite(value));
  if (at < 0) return half;
  throw new TraceError(
    `expected a number that fits into float16, got ${exact[at]}; write float32`,
    { array, row: rowOf(at) },
  );
}
