import { assertEquals } from "@std/assert";
import { Hono } from "hono";
import { timing } from "hono/timing";
import type { Inference } from "../../registry/mod.ts";
import { DEGRADED, INFERENCE, ITEM } from "../../tests/harness/generators/inferences.ts";
import { setInferenceHeaders } from "./inference_headers.ts";

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
