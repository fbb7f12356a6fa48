import { assertEquals } from "@std/assert";
import { buildGraph } from "../pair/graph_inputs.ts";
import { PairCosts } from "./pair_costs.ts";
import { pairOf } from "../../tests/harness/generators/pair_specs.ts";

const PAIR = pairOf({ small: ["medium", "large"], medium: ["large"], large: [] });

/** Costs of a pair of which some are stated. */
function costsOf(
  stated: Readonly<Record<string, number>>,
  measured: Readonly<Record<string, number>> = {},
  costUnit?: string,
) {
  const models = Object.entries(PAIR.models).map(([node, model]) => {
    return [node, { ...model, cost: stated[node] }] as const;
  });
  const pair = { ...PAIR, costUnit, models: Object.fromEntries(models) };
  return new PairCosts(pair, buildGraph(pair), measured);
}

/** The route of an item by node and milliseconds. */
function route(nodes: Readonly<Record<string, number>>) {
  return { nodes: Object.entries(nodes).map(([node, ms]) => ({ node, ms })) };
}

Deno.test("PairCosts takes stated costs over measured ones", () => {
  const costs = costsOf({ large: 10 }, { small: 1, medium: 2, large: 3 });
  assertEquals(["small", "medium", "large"].map((node) => costs.of(node)), [1, 2, 10]);
  assertEquals(["small", "large"].map((node) => costs.isStated(node)), [false, true]);
  assertEquals(costs.known, { small: 1, medium: 2, large: 10 });
  assertEquals(costs.full, 10);
});

Deno.test("PairCosts has milliseconds unless the pair says otherwise", () => {
  assertEquals([costsOf({}).unit, costsOf({}, {}, "ct").unit], ["ms", "ct"]);
});

Deno.test("PairCosts does not know what was neither stated nor measured", () => {
  const costs = costsOf({ medium: 2 }, { small: 1 });
  assertEquals([costs.of("large"), costs.of("other"), costs.full], [
    undefined,
    undefined,
    undefined,
  ]);
  assertEquals(costs.known, { small: 1, medium: 2 });
});

Deno.test("PairCosts takes what was measured anew, and leaves stated costs", () => {
  const costs = costsOf({ medium: 2 }, { small: 1 });
  costs.update({ medium: 7, large: 5 });
  assertEquals(costs.known, { small: 1, medium: 2, large: 5 });
  assertEquals(costs.full, 5);
  costs.update({ large: 6 });
  costs.update({});
  assertEquals(costs.full, 6);
});

Deno.test("PairCosts.full counts all that the full model reads, and is not known without one of them", () => {
  const inputs = { large: { x: "medium.features" }, medium: { x: "small.features" } };
  const pair = pairOf({ small: ["medium"], medium: ["large"], large: [] }, { inputs });
  const costs = new PairCosts(pair, buildGraph(pair), { small: 1, large: 4 });
  assertEquals(costs.full, undefined);
  costs.update({ medium: 2 });
  assertEquals(costs.full, 7);
});

Deno.test("PairCosts.ofItem() sums costs, not the times that this item took", () => {
  const costs = costsOf({ large: 10 }, { small: 1, medium: 2 });
  assertEquals(costs.ofItem(route({ small: 100, large: 100 })), 11);
  assertEquals(costs.ofItem(route({})), 0);
});

Deno.test("PairCosts.ofItem() takes this item's time for a node that was never measured", () => {
  const costs = costsOf({}, { small: 1 });
  assertEquals(costs.ofItem(route({ small: 100, large: 20 })), 21);
  costs.update({ large: 30 });
  assertEquals(costs.ofItem(route({ small: 100, large: 20 })), 31);
});
