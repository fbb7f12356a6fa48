import { Hono } from "hono";
import type { PairEntry } from "../../registry/mod.ts";
import { parseInput } from "../http/parse_input.ts";
import type { Services } from "../http/services.ts";
import { documented } from "../openapi/documented.ts";
import { VERSION } from "./find_model.ts";
import { parseJson } from "./infer_body.ts";
import { type IndexEntry, indexRequestSchema, listModels } from "./repository_description.ts";

const STATES = { ready: "READY", loading: "LOADING", failed: "UNAVAILABLE" } as const;

/** `POST /v2/repository/index`: the pairs as models, and their states. */
export function repositoryRoutes({ registry }: Services): Hono {
  const app = new Hono();
  app.post("/index", documented(listModels), async (c) => {
    const body = new Uint8Array(await c.req.arrayBuffer());
    const { ready = false } = body.length > 0
      ? parseInput(indexRequestSchema, parseJson(body))
      : {};
    c.header("cache-control", "no-store");
    return c.json(
      registry.list().filter(({ status }) => !ready || status === "ready").map(describeEntry),
    );
  });
  return app;
}

function describeEntry({ name, status, reason = "" }: PairEntry): IndexEntry {
  return { name, version: VERSION, state: STATES[status], reason };
}
