import { Hono } from "hono";
import type { LoadedPair, RiskReport, VersionReport } from "../../registry/mod.ts";
import { showCost } from "../http/numbers.ts";
import type { Limits, Services } from "../http/services.ts";
import { documented } from "../openapi/documented.ts";
import { getReport } from "./report_description.ts";

/** `GET /v1/pairs/{pair}/report`: what has become of the answers of each version, and what is watched. */
export function reportRoutes({ registry, config }: Services): Hono {
  const app = new Hono();
  app.get("/:pair/report", documented(getReport), (c) => {
    const pair = registry.get(c.req.param("pair"));
    const { live, monitor } = pair;
    const { name, operatingPoint } = live.snapshot;
    const canary = live.canarySnapshot;
    const roles = new Map([
      [name, "active"],
      ...(canary ? [[canary.name, "canary"] as const] : []),
    ]);
    c.header("cache-control", "no-store");
    return c.json({
      pair: pair.spec.name,
      serves: { policy: name, operating_point: operatingPoint },
      canary: canary ? { policy: canary.name, share: canary.share } : null,
      shadow: describeShadow(config),
      alarm: { action: config.onAlarm, delta: config.alarmDelta },
      versions: monitor.report().map((version) => ({
        policy: version.policy,
        role: roles.get(version.policy) ?? "former",
        ...describeVersion(version, pair),
      })),
    });
  });
  return app;
}

function describeShadow({ shadow, shadowSpare, workers }: Limits) {
  if (workers > shadowSpare) return { share: shadow, on: shadow > 0 };
  const reason = `${shadowSpare} of ${workers} workers must stay idle; SLUICE_SHADOW_SPARE=0 or ` +
    "more SLUICE_WORKERS turn it on";
  return { share: shadow, on: false, reason };
}

function describeVersion(version: VersionReport, { costs }: LoadedPair) {
  const { cost, disagreement, loss, fullShare, shadowCost } = version;
  return {
    operating_point: version.operatingPoint,
    since: version.since,
    items: version.items,
    exits: version.exits,
    degraded: version.degraded,
    cost: showCost(costs, cost),
    full_cost: showCost(costs, costs.full),
    cost_unit: costs.unit,
    shadow: { ...version.shadow, cost: showCost(costs, shadowCost) },
    ...(version.probation !== null && { trial: version.probation }),
    disagreement: describeRisk(disagreement),
    loss: loss && { kind: loss.kind, ...describeRisk(loss) },
    labels: version.labels,
    full_share: fullShare && describeRisk(fullShare),
    drift: version.drift,
  };
}

function describeRisk({ name: _, ...risk }: RiskReport) {
  return risk;
}
