import { MILLISECONDS, type PairCosts } from "../../registry/mod.ts";

/**
 * The unit in which Prometheus gets a pair's costs: seconds for milliseconds; a price stays what it is.
 *
 * @param costs The pair's costs.
 * @returns The unit, and what costs are multiplied by.
 */
export function baseUnit({ unit }: Pick<PairCosts, "unit">): {
  readonly unit: string;
  readonly factor: number;
} {
  return unit === MILLISECONDS ? { unit: "seconds", factor: 1 / 1000 } : { unit, factor: 1 };
}
