import { Hono } from "hono";
import { show } from "../../policies/mod.ts";
import { InvalidInputError, type LoadedPair } from "../../registry/mod.ts";
import { requireToken } from "../http/admin.ts";
import { parseInput } from "../http/parse_input.ts";
import { readJson } from "../http/read_json.ts";
import type { Services } from "../http/services.ts";
import { documented } from "../openapi/documented.ts";
import { feedbackSchema, giveFeedback } from "./feedback_description.ts";

/** `POST /v1/pairs/{pair}/feedback`: the true label of a request, by its id. */
export function feedbackRoutes({ registry, config }: Services): Hono {
  const app = new Hono();
  const admin = requireToken(config.adminTokens);
  app.post("/:pair/feedback", documented(giveFeedback), admin, async (c) => {
    const pair = registry.get(c.req.param("pair"));
    const { id, label, item } = parseInput(feedbackSchema, await readJson(c));
    const { policy, right } = pair.monitor.label(id, item, readLabel(label, pair));
    c.header("cache-control", "no-store");
    c.header("sluice-policy", policy);
    return c.json({ pair: pair.spec.name, id, item, policy, right });
  });
  return app;
}

function readLabel(label: string | number, { spec: { labels } }: LoadedPair): number {
  const index = typeof label === "string" ? labels.indexOf(label) : label;
  if (index >= 0 && index < labels.length) return index;
  const names = labels.slice(0, 12).join(", ") + (labels.length > 12 ? ", …" : "");
  throw new InvalidInputError(
    "label",
    `is ${show(label)}, expected one of ${names}, or an index from 0 to ${labels.length - 1}`,
  );
}
