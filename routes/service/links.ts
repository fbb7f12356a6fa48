import { Hono } from "hono";
import { documented } from "../openapi/documented.ts";
import { getIndex } from "./links_description.ts";

/** `GET /`: where to go on. */
export function linkRoutes(): Hono {
  const app = new Hono();
  app.get("/", documented(getIndex), (c) =>
    c.json({
      name: "sluice",
      links: {
        pairs: "/v1/pairs",
        health: "/healthz",
        metrics: "/metrics",
        open_inference_protocol: "/v2",
        openapi: "/openapi.json",
        docs: "/docs",
      },
    }));
  return app;
}
