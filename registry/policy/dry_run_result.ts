import type { PointPaths, PolicyDocument } from "../../policies/mod.ts";
import type { PairCosts } from "../walk/pair_costs.ts";

/** What a policy does, tried on what the networks have answered lately. */
export interface DryRunResult {
  /** The operating point that it serves. */
  readonly operatingPoint: string;
  /** Whether that point has passed what was asked to be proved of it. */
  readonly certified: boolean;
  /** Number of inputs. */
  readonly n: number;
  /** Unit of all costs. */
  readonly costUnit: string;
  /** What each operating point did, in the order of the document. */
  readonly points: readonly DryRunPoint[];
}

/** What an operating point did in a dry run. */
export interface DryRunPoint {
  /** Its id. */
  readonly id: string;
  /** Share of the inputs by path, such as `small>large`; those that went on to what was not recorded are left out. */
  readonly paths: Readonly<Record<string, number>>;
  /** Mean cost of these inputs; null where there are none, or the cost of a node is not known. */
  readonly cost: number | null;
}

/**
 * Puts together what a dry run found.
 *
 * @param document The policy.
 * @param tried What each point did.
 * @param costs What the nodes cost.
 * @returns What came of it.
 */
export function summariseDryRun(
  { active, certified = false }: PolicyDocument,
  tried: readonly PointPaths[],
  { known: costs, unit }: Pick<PairCosts, "known" | "unit">,
): DryRunResult {
  const points = tried.map(({ id, paths }): DryRunPoint => {
    const counted = Object.entries(paths);
    const n = counted.reduce((sum, [, count]) => sum + count, 0);
    const total = counted.reduce((sum, [path, count]) => sum + count * costOf(path, costs), 0);
    const shares = counted.map(([path, count]) => [path, count / n] as const);
    return {
      id,
      paths: Object.fromEntries(shares),
      cost: Number.isFinite(total / n) ? total / n : null,
    };
  });
  const [first] = tried;
  const known = Object.values(first?.paths ?? {}).reduce((sum, count) => sum + count, 0);
  return {
    operatingPoint: active,
    certified,
    n: known + (first?.unknown ?? 0),
    costUnit: unit,
    points,
  };
}

function costOf(path: string, costs: Readonly<Record<string, number>>): number {
  return path.split(">").reduce((sum, node) => sum + (costs[node] ?? NaN), 0);
}
