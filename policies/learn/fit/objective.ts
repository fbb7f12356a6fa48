import type { PointOutcome } from "./family.ts";
import { type DecisionProblem, EXIT, type ProblemState } from "./reduction/problem.ts";
import { sum } from "./reduction/tune.ts";

/** Number of prices over which policies are compared. */
const PRICES = 12;

/**
 * Prices over which policies are compared: an input on which going on saves a loss with a chance
 * between 1 in 200 and 1 in 5 is worth the full model there, and less likely ones are not.
 *
 * @param problem The problem, for its costs.
 * @returns Milliseconds per unit of loss, ascending.
 */
export function relevantLambdas({ states }: DecisionProblem): number[] {
  const ways = pathCosts(states);
  const full = Math.min(...ways.filter((_, state) => isLast(states[state] as ProblemState)));
  const root = Math.min(...ways.filter((_, state) => states[state]?.loss));
  const saving = Math.max(full - root, full * 1e-3);
  return Array.from({ length: PRICES }, (_, step) => {
    return saving * 5 * 40 ** (step / (PRICES - 1));
  });
}

function isLast({ actions }: ProblemState): boolean {
  return actions.every((action) => action === EXIT);
}

/** Milliseconds from `start` to each state. */
function pathCosts(states: readonly ProblemState[]): number[] {
  const ways = states.map(() => 0);
  states.forEach(({ actions }, state) => {
    for (const action of actions) {
      if (action !== EXIT) ways[action] = ways[state]! + (states[action] as ProblemState).cost;
    }
  });
  return ways;
}

/** A price and what the objective is compared with there. */
export interface PriceReference {
  /** Milliseconds per unit of loss. */
  readonly lambda: number;
  /** Objective of the best state to exit at always, milliseconds; a gain over the full model counts 0. */
  readonly constant: number;
}

/**
 * Makes every price count the same.
 *
 * @param problem The problem of the validation rows, with the answers of the last nodes.
 * @param lambdas Prices.
 * @returns One reference per price.
 */
export function priceReferences(
  { states, count }: DecisionProblem,
  lambdas: readonly number[],
): PriceReference[] {
  const ways = pathCosts(states);
  return lambdas.map((lambda) => {
    const constants = states.flatMap(({ loss }, state) => {
      return loss ? [ways[state]! + lambda * Math.max(0, sum(loss) / count)] : [];
    });
    return { lambda, constant: Math.min(...constants) };
  });
}

/**
 * The objective cost + λ · loss of a family, relative to a constant policy's and averaged over prices.
 *
 * @param outcomes What each point does on m rows, safest first.
 * @param references Prices.
 * @returns The averaged objective per row, length m.
 */
export function objectiveOf(
  outcomes: readonly PointOutcome[],
  references: readonly PriceReference[],
): Float64Array {
  const total = new Float64Array(outcomes[0]?.cost.length ?? 0);
  for (const { lambda, constant } of references) {
    // The point for the least price that is not below: on the safe side.
    const chosen = outcomes.findLast((outcome) => outcome.lambda >= lambda) ?? outcomes[0];
    const { cost, loss } = chosen as PointOutcome;
    for (let row = 0; row < total.length; row++) {
      total[row]! += (cost[row]! + lambda * loss[row]!) / constant / references.length;
    }
  }
  return total;
}
