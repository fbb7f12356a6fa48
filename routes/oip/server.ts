import { Hono } from "hono";
import type { Services } from "../http/services.ts";
import { documented } from "../openapi/documented.ts";
import { getLive, getReady, getServer, type ServerMetadata } from "./server_description.ts";

/** The server, with the extensions that it has whole: there is no load and unload of models. */
const SERVER: ServerMetadata = {
  name: "sluice",
  version: "0.1.0",
  extensions: ["binary_tensor_data", "classification", "parameters"],
};

/** `GET /v2` and `GET /v2/health/…`: the server, and whether it can answer. */
export function serverRoutes({ registry }: Services): Hono {
  const app = new Hono();
  app.get("/", documented(getServer), (c) => c.json(SERVER));
  app.get("/health/live", documented(getLive), (c) => c.json({ live: true }));
  app.get("/health/ready", documented(getReady), (c) => {
    c.header("cache-control", "no-store");
    return c.json({ ready: registry.ready }, registry.ready ? 200 : 503);
  });
  return app;
}
