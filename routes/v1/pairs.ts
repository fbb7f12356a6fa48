import { Hono } from "hono";
import type { LoadedModel, LoadedPair, PairEntry, PolicySnapshot } from "../../registry/mod.ts";
import { showCost } from "../http/numbers.ts";
import type { Services } from "../http/services.ts";
import { documented } from "../openapi/documented.ts";
import { getPair, listPairs } from "./pairs_description.ts";

/** `GET /v1/pairs` and `GET /v1/pairs/{pair}`: what can be served and in which state. */
export function pairRoutes({ registry }: Services): Hono {
  const app = new Hono();
  app.get("/", documented(listPairs), (c) => {
    c.header("cache-control", "no-store");
    return c.json({ pairs: registry.list().map(summarise) });
  });
  app.get("/:pair", documented(getPair), (c) => {
    c.header("cache-control", "no-store");
    const entry = registry.entry(c.req.param("pair"));
    const spec = entry.loaded?.spec;
    return c.json({
      ...summarise(entry),
      ...(spec && { labels: spec.labels, input: spec.input, image: spec.image ?? null }),
    });
  });
  return app;
}

function summarise({ name, status, reason, loaded }: PairEntry) {
  const models = Object.entries(loaded?.models ?? {});
  return {
    name,
    status,
    ...(reason !== undefined && { reason }),
    ...(loaded?.spec.description !== undefined && { description: loaded.spec.description }),
    graph: loaded?.graph.successors ?? null,
    models: loaded
      ? Object.fromEntries(
        models.map(([node, model]) => [node, describeModel(node, model, loaded)]),
      )
      : null,
    policy: loaded ? describePolicy(loaded.live.snapshot) : null,
  };
}

function describeModel(
  node: string,
  { served, sha256, bytes }: LoadedModel,
  { costs, availability }: LoadedPair,
) {
  const unavailable = availability.reason(node);
  return {
    backend: served.backend,
    ...(served.reason !== undefined && { backend_reason: served.reason }),
    ...(unavailable !== undefined && { unavailable }),
    sha256,
    ...(bytes !== undefined && { bytes }),
    cost: showCost(costs, costs.of(node)),
    cost_unit: costs.unit,
  };
}

function describePolicy({ name, operatingPoint, document, rejected }: PolicySnapshot) {
  const point = document?.points.find(({ id }) => id === operatingPoint);
  return {
    name,
    operating_point: operatingPoint,
    ...(document && {
      certified: document.certified ?? false,
      operating_points: document.points.map(({ id }) => id),
      expected: point?.expected,
      certificates: point?.certificates ?? [],
      cost_bound: point?.cost_bound,
      disagreement: point?.disagreement,
      measured: document.measured,
    }),
    ...(rejected !== undefined && { rejected }),
  };
}
