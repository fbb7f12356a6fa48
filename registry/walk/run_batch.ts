import { NodeUnavailableError } from "../base/errors.ts";
import type { Tensor } from "../base/tensor.ts";
import type { Batching } from "./batching.ts";
import type { RunNode } from "./walk_plan.ts";

/** Named tensors of one item, each of shape [1, …]. */
type Tensors = Readonly<Record<string, Tensor>>;

/** What became of one item. */
type Result = Tensors | NodeUnavailableError;

/** Items of one run, and numbers in its inputs: what a run needs beside them grows with both. */
const MAX_ITEMS = 64;
const MAX_NUMBERS = 2 ** 20;

/**
 * Runs a node on many items: in few runs where its model takes several at once, else one by one. A
 * model that turns out not to take them, though its batch size is free, is run one by one from then on.
 *
 * @param batching Which nodes take several; is told of one that does not.
 * @param node The node.
 * @param feeds What every item feeds it with, by input; each tensor has shape [1, …].
 * @param run Runs the node once.
 * @returns Its outputs by name for every item, each of shape [1, …]; the error in their place where the
 * node is not available. It is not asked for the items after the first of which that is not the fault.
 * @throws Any other error of a run that fails for an item alone.
 */
export async function runBatch(
  batching: Batching,
  node: string,
  feeds: readonly Tensors[],
  run: RunNode,
): Promise<Result[]> {
  const results: Result[] = [];
  for (const group of groupsOf(feeds)) {
    const away = results.find(isAway);
    results.push(...away ? group.map(() => away) : await runGroup(batching, node, group, run));
  }
  return results;
}

async function runGroup(
  batching: Batching,
  node: string,
  feeds: readonly Tensors[],
  run: RunNode,
): Promise<Result[]> {
  if (feeds.length === 1 || !batching.has(node)) return await runEach(node, feeds, run);
  try {
    return splitItems(await run(node, stack(feeds)), feeds.length);
  } catch (error) {
    if (error instanceof NodeUnavailableError && !error.refused) return feeds.map(() => error);
    const results = await runEach(node, feeds, run);
    // Only now is it known that the batch is at fault.
    if (!results.some(isUnavailable)) batching.giveUp(node);
    return results;
  }
}

async function runEach(node: string, feeds: readonly Tensors[], run: RunNode): Promise<Result[]> {
  const results: Result[] = [];
  for (const feed of feeds) results.push(results.find(isAway) ?? await runOne(node, feed, run));
  return results;
}

async function runOne(node: string, feed: Tensors, run: RunNode): Promise<Result> {
  try {
    return await run(node, feed);
  } catch (error) {
    if (error instanceof NodeUnavailableError) return error;
    throw error;
  }
}

function isUnavailable(result: Result): result is NodeUnavailableError {
  return result instanceof NodeUnavailableError;
}

function isAway(result: Result): result is NodeUnavailableError {
  return isUnavailable(result) && !result.refused;
}

function groupsOf(feeds: readonly Tensors[]): Tensors[][] {
  const numbers = Object.values(feeds[0] ?? {}).reduce((sum, { data }) => sum + data.length, 0);
  const size = Math.min(MAX_ITEMS, Math.max(1, Math.floor(MAX_NUMBERS / numbers)));
  const groups: Tensors[][] = [];
  for (let start = 0; start < feeds.length; start += size) {
    groups.push(feeds.slice(start, start + size));
  }
  return groups;
}

function stack(feeds: readonly Tensors[]): Tensors {
  const entries = Object.entries(feeds[0] ?? {}).map(([name, { shape, data: { length } }]) => {
    const data = new Float32Array(feeds.length * length);
    feeds.forEach((feed, index) => data.set(feed[name]?.data ?? [], index * length));
    return [name, { datatype: "FP32", shape: [feeds.length, ...shape.slice(1)], data }] as const;
  });
  return Object.fromEntries(entries);
}

/**
 * Parts the outputs of a run into those of its items.
 *
 * @param outputs Named tensors, each of shape [count, …].
 * @param count Number of items.
 * @returns Named tensors of shape [1, …] for every item, which share the memory of the run.
 * @throws {Error} If a tensor has another number of items.
 */
export function splitItems(outputs: Tensors, count: number): Tensors[] {
  const entries = Object.entries(outputs);
  const wrong = entries.find(([, { shape }]) => shape[0] !== count);
  if (wrong) throw new Error(`${wrong[0]} has shape ${wrong[1].shape} for ${count} items`);
  return Array.from(
    { length: count },
    (_, index) =>
      Object.fromEntries(entries.map(([name, { datatype, shape, data }]) => {
        const length = data.length / count;
        const own = data.subarray(index * length, (index + 1) * length);
        return [name, { datatype, shape: [1, ...shape.slice(1)], data: own }];
      })),
  );
}
