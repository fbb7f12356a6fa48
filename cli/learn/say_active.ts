import { type Budget, DEFAULT_MAX_LOSS, ms, percent, sayBudget } from "../../policies/learn/mod.ts";
import type { PolicyDocument } from "../../policies/mod.ts";

/**
 * Says which point serves, and what is promised of it.
 *
 * @param document The policy.
 * @param budget What was asked for.
 * @returns A sentence or two.
 */
export function sayActive({ active, certified, points }: PolicyDocument, budget: Budget): string {
  const asked = sayBudget(budget) || sayBudget({ maxLoss: DEFAULT_MAX_LOSS });
  const point = points.find(({ id }) => id === active);
  if (!point) {
    return `No point is proved to keep ${asked}: ${active} is served. More examples to certify with, ` +
      "or a larger --max-loss, may change that.";
  }
  const { expected, cost_bound, certificates = [] } = point;
  const least = Math.min(...certificates.map(({ alpha }) => alpha));
  const proved = certificates.length === 0 ? "" : `, proved to keep loss ≤ ${percent(least)}`;
  const promise = certified
    ? `proved to keep ${asked}`
    : `${budget.lambda === undefined ? "expected to keep" : "best for"} ${asked}${proved}`;
  const cost = expected ? `, expected cost ${ms(expected.cost)}` : "";
  const bound = cost_bound ? `, proved to stay below ${ms(cost_bound.bound)} on average` : "";
  return `Active: ${active}, ${promise}${cost}${bound}.`;
}
