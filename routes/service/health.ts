import { Hono } from "hono";
import { documented } from "../openapi/documented.ts";
import { getHealth } from "./health_description.ts";

/** `GET /healthz`: the process answers. Whether pairs do is said by `/v2/health/ready`. */
export function healthRoutes(): Hono {
  const app = new Hono();
  app.get(
    "/healthz",
    documented(getHealth),
    (c) => c.json({ status: "ok" }, 200, { "cache-control": "no-store" }),
  );
  return app;
}
