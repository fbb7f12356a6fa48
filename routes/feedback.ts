import { Hono } from "hono";
import { z } from "zod";
import { show } from "../policies/mod.ts";
import { InvalidInputError, type LoadedPair } from "../registry/mod.ts";
import { requireToken } from "./admin.ts";
import { readJson } from "./classify_body.ts";
import { parseInput } from "./schema.ts";
import type { Services } from "./services.ts";

const feedbackSchema = z.strictObject({
  id: z.string().min(1),
  label: z.union([z.string(), z.int()], "expected a label or its index"),
  item: z.int().min(0).default(0),
});

/** `POST /v1/pairs/{pair}/feedback`: the true label of a request, by its id. */
export function feedbackRoutes({ registry, config }: Services): Hono {
  const app = new Hono();
  app.post("/:pair/feedback", requireToken(config.adminTokens), async (c) => {
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
