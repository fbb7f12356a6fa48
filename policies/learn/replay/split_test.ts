import { assert, assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import { allRows } from "./simulate.ts";
import { type PartName, splitRows } from "./split.ts";
import { syntheticTrace } from "../../../tests/harness/generators/traces.ts";
import type { Trace } from "../trace/types.ts";

const PARTS = ["train", "validation", "calibration", "test"] as const;
const TRACE = syntheticTrace({ count: 3000 });

/** A trace whose last rows are for reports. */
function withReports(count: number, reports: number, from: Trace = TRACE): Trace {
  const part = Uint8Array.from({ length: count }, (_, row) => Number(row >= count - reports));
  return { ...from, count, part };
}

/** How often each label occurs among rows. */
function countLabels(trace: Trace, rows: Int32Array): number[] {
  const counts = Array<number>(trace.classes).fill(0);
  for (const row of rows) counts[trace.labels![row]!]! += 1;
  return counts;
}

Deno.test("splitRows() gives every row to one part, part 1 to the test", () => {
  const trace = withReports(3000, 1000);
  const split = splitRows(trace, 1);
  assertEquals(PARTS.map((part) => split[part].length), [700, 300, 1000, 1000]);
  assertEquals(split.test, allRows(trace, 1));
  const dealt = PARTS.flatMap((part) => [...split[part]]).sort((a, b) => a - b);
  assertEquals(Int32Array.from(dealt), allRows(trace));
});

Deno.test("splitRows() deals the test from part 0 where there is no part 1", () => {
  const split = splitRows(TRACE, 1, { train: 1, validation: 1, calibration: 2, test: 2 });
  assertEquals(PARTS.map((part) => split[part].length), [500, 500, 1000, 1000]);
});

Deno.test("splitRows() gives every part the same mix of labels", () => {
  const split = splitRows(TRACE, 1);
  const all = countLabels(TRACE, allRows(TRACE));
  for (const part of PARTS) {
    const share = split[part].length / TRACE.count;
    countLabels(TRACE, split[part]).forEach((count, label) => {
      const expected = share * (all[label] as number);
      assert(Math.abs(count - expected) <= 2, `${count} of label ${label} in ${part}`);
    });
  }
});

Deno.test("splitRows() depends on the seed alone", () => {
  assertEquals(splitRows(TRACE, 7), splitRows(TRACE, 7));
  assertNotEquals(splitRows(TRACE, 7).train, splitRows(TRACE, 8).train);
});

Deno.test("splitRows() leaves to chance who gets the only row of a label", () => {
  const labels = Int32Array.from({ length: 1000 }, (_, row) => row);
  const trace = { ...withReports(1000, 100), classes: 1000, labels };
  const trials = 200;
  const counts = new Map<PartName, number>();
  for (let seed = 0; seed < trials; seed++) {
    const split = splitRows(trace, seed);
    const part = PARTS.find((name) => split[name].includes(3)) as PartName;
    counts.set(part, (counts.get(part) ?? 0) + 1);
  }
  for (const [part, share] of [["train", 0.35], ["validation", 0.15], ["calibration", 0.5]]) {
    const expected = trials * (share as number);
    const count = counts.get(part as PartName) ?? 0;
    assert(Math.abs(count - expected) < 4 * Math.sqrt(expected), `${part}: ${count}`);
  }
});

Deno.test("splitRows() splits a trace without labels", () => {
  const split = splitRows({ ...TRACE, labels: undefined }, 1);
  assertEquals(PARTS.reduce((sum, part) => sum + split[part].length, 0), TRACE.count);
});

Deno.test("splitRows() says how many rows it takes", () => {
  const few = () => splitRows(withReports(500, 100), 1);
  const message = "expected 299 rows or more for calibration of part 0, which takes 598 rows of " +
    "part 0, got 200 of 400";
  assertThrows(few, RangeError, message);
  const noReports = () => splitRows(withReports(2000, 10), 1);
  assertThrows(noReports, RangeError, "expected 25 rows or more for test of part 1, got 10");
  assertThrows(() => splitRows(withReports(20, 20), 1), RangeError, "for train of part 0");
  const nothing = () => splitRows(TRACE, 1, { validation: 0 });
  assertThrows(nothing, RangeError, "expected a positive share for validation, got 0");
});
