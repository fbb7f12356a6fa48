import { elementCount, type Tensor } from "../base/tensor.ts";
import { walk } from "../walk/walk.ts";
import type { RunNode, WalkPlan } from "../walk/walk_plan.ts";
import { NodeUnavailableError } from "../base/errors.ts";
import { requiredPath } from "../pair/graph_inputs.ts";
import { alwaysSelector } from "../../policies/mod.ts";

/** WebAssembly is compiled again, better, once it has run for a while. */
const WARM_UP_MS = 200;
const MIN_WARM_UP_RUNS = 3;
const MAX_WARM_UP_RUNS = 500;
const MIN_RUNS = 5;
const MAX_RUNS = 50;
const BUDGET_MS = 300;

/** Somebody pays for the runs of a model elsewhere: one opens the connection, five count. */
const WARM_UP_RUNS_ELSEWHERE = 1;

/** Options of {@linkcode medianCosts}. */
export interface MedianCostsOptions {
  /**
   * Which nodes to measure.
   *
   * @default all
   */
  readonly only?: ((node: string) => boolean) | undefined;
  /**
   * Which nodes' models are elsewhere: they run six times.
   *
   * @default none
   */
  readonly isElsewhere?: ((node: string) => boolean) | undefined;
}

/**
 * Measures every node on this thread: median wall-clock milliseconds at batch 1, after 0.2 s of
 * warm-up, 5 to 50 runs within about 0.3 s a node.
 *
 * @param plan The pair's graph and bindings.
 * @param shape Gives the shape of one input item as a given node reads it.
 * @param run Runs one node.
 * @param options Which nodes to measure, and which are elsewhere: of them, the round trip is measured.
 * @returns Milliseconds by node; without those that are not available.
 */
export async function medianCosts(
  plan: WalkPlan,
  shape: (node: string) => readonly number[],
  run: RunNode,
  { only = () => true, isElsewhere = () => false }: MedianCostsOptions = {},
): Promise<Record<string, number>> {
  const inputs = new Map(plan.graph.nodes.map((node) => [node, patternOf(shape(node))]));
  const input = (node: string) => Promise.resolve(inputs.get(node) as Tensor);
  const runOnce = (node: string) => {
    const selector = alwaysSelector(requiredPath(plan.graph, node));
    return async () => {
      const { nodes } = await walk(plan, input, selector, run);
      return nodes.at(-1)?.ms ?? 0;
    };
  };
  // All nodes are warmed up before the first is measured: the compiler works in the background.
  const available: string[] = [];
  for (const node of plan.graph.nodes.filter(only)) {
    const [min, max] = isElsewhere(node)
      ? [WARM_UP_RUNS_ELSEWHERE, WARM_UP_RUNS_ELSEWHERE]
      : [MIN_WARM_UP_RUNS, MAX_WARM_UP_RUNS];
    const times = await unlessAway(repeat(runOnce(node), min, max, WARM_UP_MS));
    if (times) available.push(node);
  }
  const costs: Record<string, number> = {};
  for (const node of available) {
    const max = isElsewhere(node) ? MIN_RUNS : MAX_RUNS;
    const times = await unlessAway(repeat(runOnce(node), MIN_RUNS, max, BUDGET_MS));
    if (times) costs[node] = median(times);
  }
  return costs;
}

async function unlessAway<T>(task: Promise<T>): Promise<T | undefined> {
  try {
    return await task;
  } catch (error) {
    if (error instanceof NodeUnavailableError) return undefined;
    throw error;
  }
}

/**
 * A fixed pattern of values around 0 rather than zeros, on which runtimes can be faster.
 *
 * @param shape Shape of one item.
 * @param seed Tells patterns apart, a whole number ≥ 0.
 * @returns The pattern as a batch of one.
 */
export function patternOf(shape: readonly number[], seed = 0): Tensor {
  const data = Float32Array.from(
    { length: elementCount(shape) },
    (_, i) => (i * (7919 + 104_729 * seed) % 13) / 6 - 1,
  );
  return { datatype: "FP32", shape: [1, ...shape], data };
}

/** Repeats until the budget is spent, within the bounds; gives the milliseconds of every run. */
async function repeat(
  runOnce: () => Promise<number>,
  min: number,
  max: number,
  budgetMs: number,
): Promise<number[]> {
  const times: number[] = [];
  for (let spent = 0; times.length < min || (times.length < max && spent < budgetMs);) {
    const ms = await runOnce();
    times.push(ms);
    spent += ms;
  }
  return times;
}

/** The middle value, or the mean of the two middle ones. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2;
}
