import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { findThreshold, orderByScore, reaching, TAKE_ALL, TAKE_NONE } from "./offsets.ts";

interface Row {
  readonly score: number;
  readonly difference: number;
  readonly counts: boolean;
}

/** Few different scores, so that many tie. */
const anyRows: fc.Arbitrary<Row[]> = fc.array(
  fc.record({
    score: fc.integer({ min: -3, max: 3 }),
    difference: fc.integer({ min: -5, max: 5 }),
    counts: fc.boolean(),
  }),
  { maxLength: 12 },
);

function find(rows: readonly Row[], masked = false) {
  const scores = Float64Array.from(rows, ({ score }) => score);
  const difference = Float64Array.from(rows, (row) => row.difference);
  const counts = Uint8Array.from(rows, (row) => Number(row.counts));
  return findThreshold(scores, orderByScore(scores), difference, masked ? counts : undefined);
}

function totalAt(rows: readonly Row[], threshold: number): number {
  return rows.reduce((sum, row) => sum + (row.score >= threshold ? row.difference : 0), 0);
}

Deno.test("findThreshold() finds the least total of all thresholds", () => {
  fc.assert(fc.property(anyRows, (rows) => {
    const { threshold, total } = find(rows);
    const every = [TAKE_ALL, TAKE_NONE, ...rows.map(({ score }) => score)];
    assertEquals(total, Math.min(...every.map((one) => totalAt(rows, one))));
    assertEquals(totalAt(rows, threshold), total);
  }));
});

Deno.test("findThreshold() takes the lowest of the best thresholds", () => {
  fc.assert(fc.property(anyRows, (rows) => {
    const { threshold, total } = find(rows);
    const lower = [TAKE_ALL, ...rows.map(({ score }) => score)].filter((one) => one < threshold);
    const weighty = rows.filter(({ difference }) => difference !== 0);
    for (const one of lower) {
      const same = weighty.every(({ score }) => (score >= one) === (score >= threshold));
      assert(same || totalAt(rows, one) > total);
    }
  }));
});

Deno.test("findThreshold() does not see rows that do not count or weigh nothing", () => {
  fc.assert(fc.property(anyRows, (rows) => {
    const counted = rows.filter(({ counts, difference }) => counts && difference !== 0);
    assertEquals(find(rows, true), find(counted));
  }));
});

Deno.test("findThreshold() cuts half-way between neighbours", () => {
  const rows = [[0.75, -1], [0.5, -1], [0.25, 3]].map(([score, difference]) => {
    return { score: score!, difference: difference!, counts: true };
  });
  assertEquals(find(rows), { threshold: 0.375, total: -2 });
});

Deno.test("findThreshold() takes all rows or none where that is best", () => {
  assertEquals(find([{ score: 1, difference: -1, counts: true }]).threshold, TAKE_ALL);
  assertEquals(find([{ score: 1, difference: 1, counts: true }]).threshold, TAKE_NONE);
  assertEquals(find([]).threshold, TAKE_ALL);
});

Deno.test("findThreshold() separates neighbours of which nothing lies between", () => {
  const low = 1;
  const high = 1 + Number.EPSILON;
  const rows = [
    { score: high, difference: -1, counts: true },
    { score: low, difference: 1, counts: true },
  ];
  assertEquals([...reaching(Float64Array.of(high, low), find(rows).threshold)], [1, 0]);
});
