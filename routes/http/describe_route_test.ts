import { assertEquals } from "@std/assert";
import type { LoadedPair } from "../../registry/mod.ts";
import { DEGRADED, INFERENCE, ITEM } from "../../tests/harness/generators/inferences.ts";
import { degradedParameter, describeRoute } from "./describe_route.ts";

Deno.test("describeRoute() gives the route of one item with rounded costs", () => {
  assertEquals(describeRoute(INFERENCE, ITEM), {
    path: ["small", "large"],
    exit: "large",
    policy: "p@3",
    operating_point: "fast",
    cost: 4.2,
    full_cost: 4.1,
    cost_unit: "ms",
    nodes: [{ node: "small", ms: 0.25 }, { node: "large", ms: 4.1235 }],
  });
});

Deno.test("describeRoute() says which node an item was answered without, and why", () => {
  const { degraded, path } = describeRoute(INFERENCE, DEGRADED);
  assertEquals([path, degraded], [["small"], { node: "large", reason: "timed out" }]);
  assertEquals("degraded" in describeRoute(INFERENCE, ITEM), false);
});

Deno.test("describeRoute() shows a price as such, and null where the full model's is not known", () => {
  const pair = { costs: { unit: "ct", full: undefined } } as LoadedPair;
  const route = describeRoute({ ...INFERENCE, pair }, { ...ITEM, cost: 0.00001234567 });
  assertEquals([route.cost, route.full_cost, route.cost_unit], [0.0000123457, null, "ct"]);
});

Deno.test("degradedParameter() names the node for each item that was answered without it", () => {
  assertEquals(degradedParameter([ITEM, DEGRADED, ITEM]), { degraded: ",large," });
  const other = { ...DEGRADED, degraded: { node: "medium", reason: "refused" } };
  assertEquals(degradedParameter([other, DEGRADED]), { degraded: "medium,large" });
});

Deno.test("degradedParameter() is not there where nothing is to be said", () => {
  assertEquals(degradedParameter([ITEM, ITEM]), {});
  assertEquals(degradedParameter([]), {});
});
