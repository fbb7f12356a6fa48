import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { compileTrees } from "../../../trees.ts";
import { binFeatures, shortBetween } from "./bins.ts";
import { type FeatureTable, rowOf } from "./feature_table.ts";
import { dealFolds } from "../../stats/folds.ts";
import { findThreshold, orderByScore } from "../reduction/offsets.ts";
import { seededRandom } from "../../stats/random.ts";
import { logisticLearner } from "../learn_logistic.ts";
import { treesLearner } from "../learn_trees.ts";
import { stageTask } from "../stage_fit.ts";
import { fitTrees, keepTrees, type TreesOptions } from "./trees.ts";

const OPTIONS: TreesOptions = { trees: 20, depth: 2, rate: 0.3, l2: 1, leastRows: 5 };

/** Taking the action is cheaper where exactly one of two features is high. */
function exclusiveOr(count: number, seed = 1) {
  const random = seededRandom(seed);
  const values = Float64Array.from({ length: 3 * count }, () => random.normal());
  const table: FeatureTable = { names: ["a", "b", "noise"], count, values };
  const difference = Float64Array.from({ length: count }, (_, row) => {
    const [a, b] = rowOf(table, row) as unknown as [number, number];
    return (a > 0) === (b > 0) ? 1 : -2;
  });
  return { table, difference };
}

function fitOn({ table, difference }: ReturnType<typeof exclusiveOr>, options = OPTIONS) {
  const { labels, weights } = stageTask(table, difference, new Uint8Array(table.count));
  const counts = Uint8Array.from(weights, (weight) => Number(weight > 0));
  return fitTrees(binFeatures(table, counts), labels, weights, options);
}

Deno.test("treesLearner.fit() finds out of fold what a linear score cannot", () => {
  const { table, difference } = exclusiveOr(600);
  const task = stageTask(table, difference, dealFolds(600, 5, 1));
  const saved = (scores: Float64Array) => {
    return findThreshold(scores, orderByScore(scores), difference).total;
  };
  const best = difference.reduce((sum, value) => sum + Math.min(0, value), 0);
  assert(saved(treesLearner.fit(task).outOfFold) < 0.85 * best);
  assert(saved(logisticLearner.fit(task).outOfFold) > 0.7 * best);
});

Deno.test("fitTrees() scores rows as the compiled trees do", () => {
  const data = exclusiveOr(300);
  const { score, staged } = fitOn(data);
  const compiled = compileTrees(score);
  for (let row = 0; row < 300; row++) {
    assertEquals(compiled(rowOf(data.table, row)), staged.at(-1)![row]!);
  }
  const first = compileTrees(keepTrees(score, 3));
  assertAlmostEquals(first(rowOf(data.table, 7)), staged[3]![7]!, 1e-12);
});

Deno.test("fitTrees() does not see rows that weigh nothing", () => {
  const { table, difference } = exclusiveOr(200);
  const more = {
    table: { ...table, count: 202, values: Float64Array.of(...table.values, 9, 9, 9, -9, 9, 0) },
    difference: Float64Array.of(...difference, 0, 0),
  };
  assertEquals(fitOn(more).score, fitOn({ table, difference }).score);
});

Deno.test("fitTrees() lowers the loss with every tree and is the same every time", () => {
  const data = exclusiveOr(300);
  const { labels, weights } = stageTask(data.table, data.difference, new Uint8Array(300));
  const { score, staged } = fitOn(data);
  const losses = staged.map((scores) =>
    scores.reduce((sum, value, row) => {
      return sum + weights[row]! * Math.log1p(Math.exp(labels[row] ? -value : value));
    }, 0)
  );
  losses.forEach((loss, index) => assert(index === 0 || loss <= losses[index - 1]! + 1e-3));
  assertEquals(fitOn(exclusiveOr(300)).score, score);
});

Deno.test("fitTrees() grows no trees where all rows have one label", () => {
  const { table } = exclusiveOr(50);
  const { score } = fitOn({ table, difference: new Float64Array(50).fill(-1) });
  assert(score.bias > 10);
  assertEquals(score.leaves, []);
});

Deno.test("binFeatures() puts equal values into one bin and keeps cuts between neighbours", () => {
  const values = Float64Array.from({ length: 100 }, (_, row) => Math.floor(row / 25));
  const table: FeatureTable = { names: ["f"], count: 100, values };
  const { cuts, bins } = binFeatures(table, new Uint8Array(100).fill(1));
  assertEquals([...cuts[0]!], [0.5, 1.5, 2.5]);
  assertEquals([...bins[0]!], [...values]);
});

Deno.test("shortBetween() finds few digits above the lower and at most the higher number", () => {
  assertEquals(shortBetween(0.1, 0.9), 0.5);
  assertEquals(shortBetween(0.123456, 0.123458), 0.123457);
  const next = 1 + Number.EPSILON;
  assertEquals(shortBetween(1, next), next);
});
