import { Hono } from "hono";

/** `GET /healthz`: the process answers. Whether pairs do is said by `/v2/health/ready`. */
export function healthRoutes(): Hono {
  const app = new Hono();
  app.get("/healthz", (c) => c.json({ status: "ok" }, 200, { "cache-control": "no-store" }));
  return app;
}
