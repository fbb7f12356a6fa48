import { runAll } from "../walk/run_all.ts";
import type { Tensor } from "../base/tensor.ts";
import type { RunNode, WalkPlan } from "../walk/walk_plan.ts";

/** How long a node takes on one input: quantiles of many runs, in milliseconds. */
export interface NodeCost {
  /** The middle of the runs. */
  readonly median: number;
  /** A tenth of the runs were faster. */
  readonly p10: number;
  /** A tenth of the runs were slower. */
  readonly p90: number;
  /** Number of runs. */
  readonly runs: number;
}

/** Options of {@linkcode sampleCosts}. */
export interface SampleCostsOptions {
  /**
   * Rounds that are run first and not counted.
   *
   * @default 20
   */
  readonly warmUpRounds?: number | undefined;
  /**
   * Rounds that are counted; each gives four times a node.
   *
   * @default 100
   */
  readonly rounds?: number | undefined;
  /**
   * Milliseconds after which no further round is begun, if at least 10 are counted.
   *
   * @default none
   */
  readonly budgetMs?: number | undefined;
  /** Is told after every round how many are done, and how many there are to be. */
  readonly onRound?: ((done: number, of: number) => void) | undefined;
}

const MIN_ROUNDS = 10;
/** Runs of a node one after the other within a round; the first finds the caches cold. */
const RUNS = 5;

/**
 * Measures at length what every node costs at batch 1, warm. Nodes take turns, five runs each, so that
 * a slow moment of the machine hits all of them; the first of the five is not counted.
 *
 * @param plan The pair's graph and bindings.
 * @param input Gives the input of a round as a given node wants it; shape [1, …].
 * @param run Runs one node.
 * @param options See {@linkcode SampleCostsOptions}.
 * @returns Costs by node, without those of what it reads.
 */
export async function sampleCosts(
  plan: WalkPlan,
  input: (round: number) => (node: string) => Promise<Tensor>,
  run: RunNode,
  { warmUpRounds = 20, rounds = 100, budgetMs = Infinity, onRound }: SampleCostsOptions = {},
): Promise<Record<string, NodeCost>> {
  const times = new Map(plan.graph.nodes.map((node) => [node, [] as number[]]));
  const started = performance.now();
  for (let round = 0; round < warmUpRounds + rounds; round++) {
    const counted = round - warmUpRounds;
    if (counted >= MIN_ROUNDS && performance.now() - started > budgetMs) break;
    await runAll(plan, input(round), async (node, feeds) => {
      const outputs = await run(node, feeds);
      for (let again = 1; again < RUNS; again++) {
        const begun = performance.now();
        await run(node, feeds);
        if (counted >= 0) times.get(node)?.push(performance.now() - begun);
      }
      return outputs;
    });
    onRound?.(round + 1, warmUpRounds + rounds);
  }
  return Object.fromEntries([...times].map(([node, list]) => [node, summarise(list)]));
}

/** The value below which a share of the sorted values lies. */
export function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN;
}

function summarise(times: readonly number[]): NodeCost {
  const sorted = times.toSorted((a, b) => a - b);
  return {
    median: quantile(sorted, 0.5),
    p10: quantile(sorted, 0.1),
    p90: quantile(sorted, 0.9),
    runs: sorted.length,
  };
}
