import type { PointTrial, PolicyDocument } from "../policies/mod.ts";

/** What a policy does, tried on what the networks have answered lately. */
export interface Trial {
  /** The operating point that it serves. */
  readonly operatingPoint: string;
  /** Whether that point has passed what was asked to be proved of it. */
  readonly certified: boolean;
  /** Number of inputs. */
  readonly n: number;
  /** What each operating point did, in the order of the document. */
  readonly points: readonly TriedPoint[];
}

/** What an operating point did in a trial. */
export interface TriedPoint {
  /** Its id. */
  readonly id: string;
  /** Share of the inputs by path, such as `small>large`; those that went on to what was not recorded are left out. */
  readonly paths: Readonly<Record<string, number>>;
  /** Mean measured cost of these inputs, in milliseconds; null where there are none. */
  readonly costMs: number | null;
}

/**
 * Puts together what a dry run found.
 *
 * @param document The policy.
 * @param trials What each point did.
 * @param costs Measured cost of every node, in milliseconds.
 * @returns The trial.
 */
export function summariseTrials(
  { active, certified = false }: PolicyDocument,
  trials: readonly PointTrial[],
  costs: Readonly<Record<string, number>>,
): Trial {
  const points = trials.map(({ id, paths }): TriedPoint => {
    const counted = Object.entries(paths);
    const n = counted.reduce((sum, [, count]) => sum + count, 0);
    const total = counted.reduce((sum, [path, count]) => sum + count * costOf(path, costs), 0);
    const shares = counted.map(([path, count]) => [path, count / n] as const);
    return { id, paths: Object.fromEntries(shares), costMs: n === 0 ? null : total / n };
  });
  const [first] = trials;
  const known = Object.values(first?.paths ?? {}).reduce((sum, count) => sum + count, 0);
  return { operatingPoint: active, certified, n: known + (first?.unknown ?? 0), points };
}

function costOf(path: string, costs: Readonly<Record<string, number>>): number {
  return path.split(">").reduce((sum, node) => sum + (costs[node] ?? NaN), 0);
}
