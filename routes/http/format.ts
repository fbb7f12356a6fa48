import type { Context } from "hono";
import { setMetric } from "hono/timing";
import {
  type Inference,
  MILLISECONDS,
  type PairCosts,
  type RoutedItem,
} from "../../registry/mod.ts";

/** Longer headers are refused by some proxies; the body has the routes of larger batches too. */
const MAX_ROUTES_IN_HEADER = 16;

/** Decimals of milliseconds: 0.1 µs, below which clocks say nothing. */
const DECIMALS = 4;

/** Digits of a price, of which nobody knows how small it is. */
const PRICE_DIGITS = 6;

/** Rounds milliseconds to 0.1 µs. */
export function round(ms: number): number {
  return Math.round(ms * 10 ** DECIMALS) / 10 ** DECIMALS;
}

/**
 * A cost as answers show it.
 *
 * @param costs The pair's, for their unit.
 * @param cost The cost; nothing where it is not known.
 * @returns Milliseconds to 0.1 µs, prices to six digits; null where it is not known.
 */
export function showCost(
  { unit }: Pick<PairCosts, "unit">,
  cost: number | null | undefined,
): number | null {
  if (cost === null || cost === undefined) return null;
  return unit === MILLISECONDS ? round(cost) : Number(cost.toPrecision(PRICE_DIGITS));
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
  const { costs } = inference.pair;
  return {
    path: item.path,
    exit: item.exit,
    policy: inference.policy.name,
    operating_point: inference.policy.operatingPoint,
    cost: showCost(costs, item.cost),
    full_cost: showCost(costs, costs.full),
    cost_unit: costs.unit,
    nodes: item.nodes.map(({ node, ms }) => ({ node, ms: round(ms) })),
    ...(item.degraded && { degraded: item.degraded }),
  };
}

/**
 * Which items were answered without a node that the policy chose, as a parameter of the Open Inference
 * Protocol: the node's name for each of them, nothing for the others, as `route` lists them.
 *
 * @param items The items of a request.
 * @returns The parameter, if there is anything to say.
 */
export function degradedParameter(items: readonly RoutedItem[]): { readonly degraded?: string } {
  if (items.every(({ degraded }) => !degraded)) return {};
  return { degraded: items.map(({ degraded }) => degraded?.node ?? "").join(",") };
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
