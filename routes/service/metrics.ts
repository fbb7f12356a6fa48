import { Hono } from "hono";
import type { Telemetry } from "../http/telemetry.ts";
import { documented } from "../openapi/documented.ts";
import { getMetrics } from "./metrics_description.ts";

/** `GET /metrics`: what was counted, in Prometheus' text format. */
export function metricsRoutes(telemetry: Telemetry): Hono {
  const app = new Hono();
  app.get("/metrics", documented(getMetrics), async (c) => {
    const headers = { "content-type": telemetry.metricsType, "cache-control": "no-store" };
    return c.body(await telemetry.metrics(), 200, headers);
  });
  return app;
}
