import type { Context } from "hono";
import { setMetric } from "hono/timing";
import type { Inference } from "../../registry/mod.ts";
import { DECIMALS } from "./numbers.ts";

/** Longer headers are refused by some proxies; the body has the routes of larger batches too. */
const MAX_ROUTES_IN_HEADER = 16;

/** Sets the headers of an inference answer: route, policy, timing, and that it is not for caches. */
export function setInferenceHeaders(c: Context, inference: Inference): void {
  const { items, policy, decodeMs, totalMs } = inference;
  c.header("cache-control", "no-store");
  c.header("sluice-policy", policy.name);
  if (policy.operatingPoint !== null) c.header("sluice-operating-point", policy.operatingPoint);
  if (items.length <= MAX_ROUTES_IN_HEADER) {
    c.header("sluice-route", items.map((item) => item.path.join(">")).join(", "));
  }
  const degraded = new Set(items.flatMap(({ degraded }) => degraded?.node ?? []));
  if (degraded.size > 0) c.header("sluice-degraded", [...degraded].join(", "));
  const metric = (name: string, ms: number) => setMetric(c, name, ms, undefined, DECIMALS);
  if (decodeMs > 0) metric("decode", decodeMs);
  const spent = new Map<string, number>();
  for (const { node, ms } of items.flatMap((item) => item.nodes)) {
    spent.set(node, (spent.get(node) ?? 0) + ms);
  }
  for (const [node, ms] of spent) metric(node, ms);
  metric("infer", totalMs);
}
