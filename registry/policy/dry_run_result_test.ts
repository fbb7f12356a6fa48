import { assertAlmostEquals, assertEquals } from "@std/assert";
import fc from "fast-check";
import type { PointPaths } from "../../policies/mod.ts";
import { changed, DOCUMENT } from "../../tests/harness/generators/policies.ts";
import { summariseDryRun } from "./dry_run_result.ts";

const KNOWN = { small: 1, medium: 4, large: 16 };
const COSTS = { known: KNOWN, unit: "€" };

Deno.test("summariseDryRun() gives shares of paths and their mean cost, point by point", () => {
  const tried: PointPaths[] = [
    { id: "fast", paths: { "small": 3, "small>medium": 1 }, unknown: 0 },
    { id: "accurate", paths: { "small>medium>large": 2 }, unknown: 2 },
  ];
  assertEquals(summariseDryRun(DOCUMENT, tried, COSTS), {
    operatingPoint: "accurate",
    certified: false,
    n: 4,
    costUnit: "€",
    points: [
      { id: "fast", paths: { "small": 0.75, "small>medium": 0.25 }, cost: 2 },
      { id: "accurate", paths: { "small>medium>large": 1 }, cost: 21 },
    ],
  });
});

Deno.test("summariseDryRun() has no cost where no path is known, and still counts the inputs", () => {
  const { n, points } = summariseDryRun(DOCUMENT, [{ id: "fast", paths: {}, unknown: 3 }], COSTS);
  assertEquals([n, points], [3, [{ id: "fast", paths: {}, cost: null }]]);
});

Deno.test("summariseDryRun() has no cost for paths through a node whose cost is not known", () => {
  const known = { small: 1, medium: 4 };
  const tried: PointPaths[] = [
    { id: "fast", paths: { "small": 3, "small>medium": 1 }, unknown: 0 },
    { id: "accurate", paths: { "small": 3, "small>medium>large": 1 }, unknown: 0 },
  ];
  const { points } = summariseDryRun(DOCUMENT, tried, { known, unit: "ms" });
  assertEquals(points.map(({ cost }) => cost), [2, null]);
  assertEquals(points[1]?.paths, { "small": 0.75, "small>medium>large": 0.25 });
});

Deno.test("summariseDryRun() counts nothing where nothing was tried", () => {
  assertEquals(summariseDryRun(DOCUMENT, [{ id: "fast", paths: {}, unknown: 0 }], COSTS).n, 0);
});

Deno.test("summariseDryRun() says whether the document is certified, and which point it serves", () => {
  const document = changed((copy) => Object.assign(copy, { certified: true, active: "fast" }));
  const { certified, operatingPoint } = summariseDryRun(document, [], COSTS);
  assertEquals([certified, operatingPoint], [true, "fast"]);
});

Deno.test("summariseDryRun() gives shares of 1 in all, and a cost between those of the paths", () => {
  const paths = fc.dictionary(
    fc.constantFrom("small", "small>medium", "small>large", "small>medium>large"),
    fc.integer({ min: 1, max: 50 }),
    { minKeys: 1 },
  );
  fc.assert(fc.property(paths, fc.nat({ max: 9 }), (paths, unknown) => {
    const { n, points: [point] } = summariseDryRun(DOCUMENT, [{ id: "a", paths, unknown }], COSTS);
    const shares = Object.values(point?.paths ?? {});
    assertAlmostEquals(shares.reduce((sum, share) => sum + share), 1, 1e-9);
    assertEquals(n, Object.values(paths).reduce((sum, count) => sum + count, unknown));
    const cost = Object.entries(paths).flatMap(([path, count]) => {
      const sum = path.split(">").reduce((sum, node) => sum + KNOWN[node as keyof typeof KNOWN], 0);
      return Array<number>(count).fill(sum);
    });
    const mean = cost.reduce((sum, ms) => sum + ms) / cost.length;
    assertAlmostEquals(point?.cost ?? NaN, mean, 1e-9);
  }));
});
