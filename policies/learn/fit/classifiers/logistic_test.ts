import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import fixture from "../../../../tests/fixtures/learn/logistic.json" with { type: "json" };
import type { FeatureTable } from "./feature_table.ts";
import { fitLogistic } from "./logistic.ts";
import { seededRandom } from "../../stats/random.ts";

function tableOf(rows: readonly (readonly number[])[]): FeatureTable {
  const names = rows[0]!.map((_, column) => `f${column}`);
  return { names, count: rows.length, values: Float64Array.from(rows.flat()) };
}

for (const { name, l2, features, labels, weights, ...expected } of fixture.cases) {
  Deno.test(`fitLogistic() agrees with ${fixture.made_with}: ${name}`, () => {
    const fit = fitLogistic(
      tableOf(features),
      Uint8Array.from(labels),
      Float64Array.from(weights),
      { l2 },
    );
    assertAlmostEquals(fit.bias, expected.bias, 1e-3);
    expected.coefficients.forEach((coefficient, column) => {
      assertAlmostEquals(fit.weights[column]!, coefficient, 1e-3);
      assertAlmostEquals(fit.mean[column]!, expected.mean[column]!, 1e-9);
      assertAlmostEquals(fit.scale[column]!, expected.scale[column]!, 1e-9);
    });
  });
}

/** Rows of two features of which the sum decides, mostly. */
function someRows(count: number, seed = 1) {
  const random = seededRandom(seed);
  const rows = Array.from({ length: count }, () => [random.normal(), 3 * random.normal()]);
  const labels = Uint8Array.from(rows, ([a, b]) => Number(a! + b! / 3 + random.normal() > 0));
  const weights = Float64Array.from(rows, () => 1 + random.below(3));
  return { rows, labels, weights };
}

Deno.test("fitLogistic() does not see rows that weigh nothing", () => {
  const { rows, labels, weights } = someRows(50);
  const plain = fitLogistic(tableOf(rows), labels, weights, { l2: 0.01 });
  const more = fitLogistic(
    tableOf([...rows, [1e6, -1e6], [0, 0]]),
    Uint8Array.of(...labels, 0, 1),
    Float64Array.of(...weights, 0, 0),
    { l2: 0.01 },
  );
  assertEquals(more, plain);
});

Deno.test("fitLogistic() takes a weight of 2 for two rows", () => {
  const { rows, labels } = someRows(50);
  const doubled = fitLogistic(tableOf(rows), labels, new Float64Array(50).fill(2), { l2: 0.01 });
  const twice = fitLogistic(
    tableOf([...rows, ...rows]),
    Uint8Array.of(...labels, ...labels),
    new Float64Array(100).fill(1),
    { l2: 0.01 },
  );
  twice.weights.forEach((weight, column) => {
    assertAlmostEquals(weight, doubled.weights[column]!, 1e-7);
  });
  assertAlmostEquals(twice.bias, doubled.bias, 1e-7);
});

Deno.test("fitLogistic() stays finite for one label, for one value and for labels set apart", () => {
  const { rows, weights } = someRows(30);
  const one = fitLogistic(tableOf(rows), new Uint8Array(30).fill(1), weights, { l2: 0.01 });
  assert(one.bias > 10 && Number.isFinite(one.bias));
  assertEquals([...one.weights], [0, 0]);

  const same = rows.map(([a]) => [a!, 7]);
  const apart = Uint8Array.from(rows, ([a]) => Number(a! > 0));
  const fit = fitLogistic(tableOf(same), apart, weights, { l2: 1e-4 });
  assert(fit.weights[0]! > 1 && fit.weights.every(Number.isFinite));
  assertAlmostEquals(fit.weights[1]!, 0, 1e-9);
});

Deno.test("fitLogistic() ends at the same place from wherever it starts", () => {
  const { rows, labels, weights } = someRows(80);
  const table = tableOf(rows);
  const cold = fitLogistic(table, labels, weights, { l2: 0.01 });
  const warm = fitLogistic(table, labels, weights, {
    l2: 0.01,
    start: fitLogistic(table, labels, weights, { l2: 1 }),
  });
  assertAlmostEquals(warm.bias, cold.bias, 1e-8);
  warm.weights.forEach((weight, column) => {
    assertAlmostEquals(weight, cold.weights[column]!, 1e-8);
  });
});
