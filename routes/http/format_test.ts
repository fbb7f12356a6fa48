import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import fc from "fast-check";
import { Hono } from "hono";
import { timing } from "hono/timing";
import type { Inference, LoadedPair, RoutedItem } from "../../registry/mod.ts";
import {
  degradedParameter,
  describeRoute,
  round,
  setInferenceHeaders,
  showCost,
  softmax,
} from "./format.ts";

Deno.test("softmax() gives what the formula does", () => {
  const [a = 0, b = 0, c = 0] = softmax(Float32Array.of(0, Math.log(2), Math.log(5)));
  assertAlmostEquals(a, 1 / 8, 1e-6);
  assertAlmostEquals(b, 2 / 8, 1e-6);
  assertAlmostEquals(c, 5 / 8, 1e-6);
});

for (
  const [logits, expected] of [
    [[1e4, -1e4], [1, 0]],
    [[-1e4, -1e4], [0.5, 0.5]],
    [[1e4, 1e4, 1e4, 1e4], [0.25, 0.25, 0.25, 0.25]],
    [[3e38, -3e38], [1, 0]],
    [[7], [1]],
  ] as const
) {
  Deno.test(`softmax() of ${logits} is ${expected}`, () => {
    assertEquals([...softmax(Float32Array.from(logits))], [...expected]);
  });
}

Deno.test("softmax() gives probabilities in the order of the logits that sum to 1", () => {
  const logit = fc.float({ min: -10_000, max: 10_000, noNaN: true });
  fc.assert(fc.property(fc.array(logit, { minLength: 1, maxLength: 20 }), (values) => {
    const logits = Float32Array.from(values);
    const probabilities = softmax(logits);
    assertAlmostEquals(probabilities.reduce((sum, p) => sum + p, 0), 1, 1e-5);
    assert(probabilities.every((p) => p >= 0 && p <= 1));
    const largest = logits.indexOf(Math.max(...logits));
    assertEquals(probabilities[largest], Math.max(...probabilities));
    assertEquals(logits, Float32Array.from(values), "the logits are left alone");
  }));
});

Deno.test("softmax() depends on differences of logits only", () => {
  const values = [0.25, -1.5, 3];
  const shifted = softmax(Float32Array.from(values, (value) => value + 512));
  assertEquals(shifted, softmax(Float32Array.from(values)));
});

Deno.test("round() keeps four decimals", () => {
  assertEquals([0.00014, 0.00016, 12.34567, 3].map(round), [0.0001, 0.0002, 12.3457, 3]);
});

const ITEM: RoutedItem = {
  path: ["small", "large"],
  exit: "large",
  logits: Float32Array.of(1, 2),
  confidence: 0.75,
  nodes: [{ node: "small", ms: 0.25 }, { node: "large", ms: 4.123456 }],
  cost: 4.200049,
};

const INFERENCE: Inference = {
  pair: { costs: { unit: "ms", full: 4.1 } } as LoadedPair,
  policy: { name: "p@3", operatingPoint: "fast", choice: { id: "p@3", point: "fast" } },
  items: [ITEM, { ...ITEM, path: ["small"], exit: "small", nodes: [{ node: "small", ms: 0.5 }] }],
  decodeMs: 1.5,
  totalMs: 9.87654321,
  waitMs: 0,
  role: "active",
};

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

/** The headers of an answer with the given inference. */
async function headersOf(inference: Inference): Promise<Headers> {
  const app = new Hono().get("/", timing({ total: false }), (c) => {
    setInferenceHeaders(c, inference);
    return c.body(null);
  });
  return (await app.request("/")).headers;
}

Deno.test("setInferenceHeaders() tells route, policy and timing, and is not for caches", async () => {
  const headers = await headersOf(INFERENCE);
  assertEquals(headers.get("sluice-route"), "small>large, small");
  assertEquals(headers.get("sluice-policy"), "p@3");
  assertEquals(headers.get("cache-control"), "no-store");
  const metrics = (headers.get("server-timing") ?? "").split(/, ?/).map((metric) => {
    const [name, duration] = metric.split(";dur=");
    return [name, Number(duration)];
  });
  assertEquals(metrics, [["decode", 1.5], ["small", 0.75], ["large", 4.1235], ["infer", 9.8765]]);
});

Deno.test("setInferenceHeaders() leaves out decoding where there was none", async () => {
  const headers = await headersOf({ ...INFERENCE, decodeMs: 0 });
  assertEquals(headers.get("server-timing")?.includes("decode"), false);
});

Deno.test("setInferenceHeaders() leaves the routes of more than 16 items to the body", async () => {
  const routes = async (count: number) => {
    const items = Array.from({ length: count }, () => ({ ...ITEM, path: ["small"] }));
    return (await headersOf({ ...INFERENCE, items })).get("sluice-route")?.split(", ").length;
  };
  assertEquals([await routes(16), await routes(17)], [16, undefined]);
});

/** Unit, cost, and how it is shown. */
const COSTS: [unit: string, cost: number | null | undefined, shown: number | null][] = [
  ["ms", 12.345678, 12.3457],
  ["ms", 0.00004, 0],
  ["ms", 0, 0],
  ["€", 0.0000123456789, 0.0000123457],
  ["€", 1234567.8, 1234570],
  ["€", 3e-9, 3e-9],
  ["€", 0.1 + 0.2, 0.3],
  ["€", 0, 0],
  ["€", undefined, null],
  ["ms", undefined, null],
  ["ms", null, null],
];

for (const [unit, cost, shown] of COSTS) {
  Deno.test(`showCost() of ${cost} ${unit} is ${shown}`, () => {
    assertEquals(showCost({ unit }, cost), shown);
  });
}

const DEGRADED: RoutedItem = {
  ...ITEM,
  path: ["small"],
  exit: "small",
  degraded: { node: "large", reason: "timed out" },
};

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

Deno.test("setInferenceHeaders() names every node once that items were answered without", async () => {
  const other = { ...DEGRADED, degraded: { node: "medium", reason: "refused" } };
  const items = [DEGRADED, ITEM, other, DEGRADED];
  const headers = await headersOf({ ...INFERENCE, items });
  assertEquals(headers.get("sluice-degraded"), "large, medium");
  assertEquals((await headersOf(INFERENCE)).has("sluice-degraded"), false);
});

Deno.test("setInferenceHeaders() names the nodes also where there are too many routes", async () => {
  const items = [...Array.from({ length: 16 }, () => ITEM), DEGRADED];
  const headers = await headersOf({ ...INFERENCE, items });
  assertEquals([headers.has("sluice-route"), headers.get("sluice-degraded")], [false, "large"]);
});
