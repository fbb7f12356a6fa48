import type { Inference, RoutedItem } from "../../registry/mod.ts";
import { round, showCost } from "./numbers.ts";

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
