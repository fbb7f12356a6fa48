import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import fc from "fast-check";
import { compareCounts } from "./chi_square.ts";

const COUNTS = fc.array(fc.tuple(fc.nat(500), fc.nat(500)), { minLength: 1, maxLength: 12 })
  .map((pairs) => [...pairs, [1, 1]])
  .map((pairs) => [pairs.map(([live]) => live!), pairs.map(([, trace]) => trace!)] as const);

Deno.test("compareCounts() is Pearson's test, by hand", () => {
  // Three bins, two degrees of freedom: the chance is exp(−χ²/2). Half of each is expected.
  const { pValue, moved } = compareCounts([10, 20, 30], [20, 20, 20]);
  assertAlmostEquals(pValue, Math.exp(-(2 * 25 / 15 + 2 * 25 / 25) / 2), 1e-12);
  assertEquals(moved, 0);
  // Four times as many of the trace: expected are (20, 80) and (80, 320).
  const unequal = compareCounts([30, 70, 0], [70, 330, 0]);
  const statistic = 100 / 20 + 100 / 80 + 100 / 80 + 100 / 320;
  // Of one degree, from tables: 3.841 is 5%, 6.635 is 1%.
  assert(statistic > 6.635 && unequal.pValue < 0.01 && unequal.pValue > 0.001);
});

Deno.test("compareCounts() finds nothing in equal shares", () => {
  assertEquals(compareCounts([30, 60, 10], [300, 600, 100]).pValue, 1);
  assertEquals(compareCounts([50], [20]).pValue, 1);
});

Deno.test("compareCounts() merges bins of which too few are expected", () => {
  // 3 of 6 are expected in each of the first two bins, so that they become one.
  const merged = compareCounts([6, 0, 44, 50], [0, 6, 44, 50]);
  assertEquals(merged.pValue, 1);
  // The last bins go to the last group.
  assertEquals(compareCounts([50, 44, 6, 0], [50, 44, 0, 6]).pValue, 1);
  assertEquals(compareCounts([2, 1], [1, 2]).pValue, 1);
});

Deno.test("compareCounts() names the bin that moved most for its size", () => {
  assertEquals(compareCounts([720, 250, 30], [740, 258, 2]).moved, 2);
  assertEquals(compareCounts([41, 59], [740, 260]).moved, 0);
});

Deno.test("compareCounts() gives a chance, the same from either side", () => {
  fc.assert(fc.property(COUNTS, ([live, trace]) => {
    const { pValue, moved } = compareCounts(live, trace);
    assert(pValue >= 0 && pValue <= 1);
    assert(moved >= 0 && moved < live.length);
    assertAlmostEquals(compareCounts(trace, live).pValue, pValue, 1e-9);
  }));
});
