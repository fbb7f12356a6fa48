import type { Context } from "hono";
import { setMetric } from "hono/timing";
import type { Inference, RoutedItem } from "../registry/mod.ts";

/** Unit of every cost in answers. */
export const COST_UNIT = "ms";

/** Longer headers are refused by some proxies; the body has the routes of larger batches too. */
const MAX_ROUTES_IN_HEADER = 16;

/** Decimals of milliseconds: 0.1 µs, below which clocks say nothing. */
const DECIMALS = 4;

/** Rounds milliseconds to 0.1 µs. */
export function round(ms: number): number {
  return Math.round(ms * 10 ** DECIMALS) / 10 ** DECIMALS;
}

/**
 * Softmax of logits.
 *
 * @param logits One for each label.
 * @returns Probabilities in the same order.
 */
export function softmax(logits: Float32Array): Float32Array {
  const max = logits.reduce((a, b) => Math.max(a, b), -Infinity);
  const exponentials = logits.map((logit) => Math.exp(logit - max));
  const sum = exponentials.reduce((a, b) => a + b, 0);
  return exponentials.map((value) => value / sum);
}

/** The route of one item as answers show it. */
export function describeRoute(inference: Inference, item: RoutedItem) {
  return {
    path: item.path,
    exit: item.exit,
    policy: inference.policy.name,
    operating_point: inference.policy.operatingPoint,
    cost: round(item.costMs),
    full_cost: round(inference.fullCostMs),
    cost_unit: COST_UNIT,
    nodes: item.nodes.map(({ node, ms }) => ({ node, ms: round(ms) })),
  };
}

/** Sets the headers of an inference answer: route, policy, timing, and that it is not for caches. */
export function setInferenceHeaders(c: Context, inference: Inference): void {
  const { items, policy, decodeMs, totalMs } = inference;
  c.header("cache-control", "no-store");
  c.header("sluice-policy", policy.name);
  if (policy.operatingPoint !== null) c.header("sluice-operating-point", policy.operatingPoint);
  if (items.length <= MAX_ROUTES_IN_HEADER) {
    c.header("sluice-route", items.map((item) => item.path.join(">")).join(", "));
  }
  const metric = (name: string, ms: number) => setMetric(c, name, ms, undefined, DECIMALS);
  if (decodeMs > 0) metric("decode", decodeMs);
  const spent = new Map<string, number>();
  for (const { node, ms } of items.flatMap((item) => item.nodes)) {
    spent.set(node, (spent.get(node) ?? 0) + ms);
  }
  for (const [node, ms] of spent) metric(node, ms);
  metric("infer", totalMs);
}
