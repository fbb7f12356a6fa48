import { TraceError } from "./trace_error.ts";
import type { Trace } from "./types.ts";

/**
 * Checks what a trace's arrays hold.
 *
 * @param trace The trace; its graph is checked already.
 * @throws {TraceError} If a length does not fit, or a value cannot be; names the array and the row.
 */
export function checkTrace(trace: Trace): void {
  const { count, classes } = trace;
  checkSize(`logits.${trace.nodes[0]}`, [count, classes]);
  for (const node of trace.nodes) {
    checkLogits(trace, node);
    checkCost(trace, node);
  }
  if (trace.labels) checkLabels(trace.labels, trace);
  checkLength("part", trace.part, count);
  checkPart(trace.part);
  checkIds(trace.ids, count);
}

/**
 * Checks that there is something to learn from.
 *
 * @param array Name of an array of logits.
 * @param shape Its shape.
 * @throws {TraceError} If it is not one example and two classes or more.
 */
export function checkSize(array: string, shape: readonly number[]): void {
  const [count = 0, classes = 0] = shape;
  if (shape.length === 2 && count >= 1 && classes >= 2) return;
  const got = shape.join(", ");
  throw new TraceError(`expected [examples, classes] of at least [1, 2], got [${got}]`, { array });
}

/**
 * Checks which part each example is for.
 *
 * @param part Values of the array `part`.
 * @throws {TraceError} If one is neither 0 nor 1; names the row.
 */
export function checkPart(part: Int32Array | Uint8Array): void {
  const row = part.findIndex((value) => value !== 0 && value !== 1);
  if (row < 0) return;
  throw new TraceError(`expected 0 or 1, got ${part[row]}`, { array: "part", row });
}

function checkLogits({ logits, count, classes }: Trace, node: string): void {
  const array = `logits.${node}`;
  const values = logits[node];
  checkLength(array, values, count * classes);
  const at = values?.findIndex((value) => !Number.isFinite(value)) ?? -1;
  if (at < 0) return;
  throw new TraceError(
    `expected a finite number for class ${at % classes}, got ${values?.[at]}`,
    { array, row: Math.floor(at / classes) },
  );
}

function checkCost({ cost, spread }: Trace, node: string): void {
  const array = `cost.${node}`;
  const median = cost[node] ?? NaN;
  const [p10, p90] = spread?.[node] ?? [median, median];
  const wrong = [median, p10, p90].find((ms) => !(ms > 0 && ms < Infinity));
  if (wrong !== undefined) {
    throw new TraceError(`expected milliseconds above 0, got ${wrong}`, { array });
  }
  if (p10 > median || median > p90) {
    throw new TraceError(
      `expected the median between p10 and p90, got median ${median}, p10 ${p10}, p90 ${p90}`,
      { array },
    );
  }
}

function checkLabels(labels: Int32Array, { count, classes }: Trace): void {
  const array = "labels";
  checkLength(array, labels, count);
  const row = labels.findIndex((label) => label < 0 || label >= classes);
  if (row >= 0) {
    throw new TraceError(`expected a class from 0 to ${classes - 1}, got ${labels[row]}`, {
      array,
      row,
    });
  }
  if (labels.every((label) => label === labels[0])) {
    throw new TraceError(`expected two classes or more, got only ${labels[0]}`, { array });
  }
}

function checkIds(ids: readonly string[], count: number): void {
  const array = "ids";
  checkLength(array, ids, count);
  const rows = new Map<string, number>();
  ids.forEach((id, row) => {
    const earlier = rows.get(id);
    if (earlier !== undefined) {
      throw new TraceError(`expected an id of its own, got ${id} as in row ${earlier}`, {
        array,
        row,
      });
    }
    rows.set(id, row);
  });
}

function checkLength(array: string, values: ArrayLike<unknown> | undefined, length: number): void {
  if (values?.length === length) return;
  throw new TraceError(`expected ${length} values, got ${values?.length ?? "none"}`, { array });
}
