import { inputShape, type PairSpec, type TensorInfo } from "../../registry/mod.ts";
import {
  createBackends,
  medianCosts,
  type OpenModels,
  openModels,
  SessionCache,
} from "../../registry/runtime/mod.ts";
import { type ModelFile, readModels } from "../../registry/models/mod.ts";
import { readSourceRules } from "../shared/source_rules.ts";
import type { FoundPair } from "../trace/find_pair.ts";
import { checkAnswers } from "./check_answers.ts";
import { checkCode } from "./check_code.ts";
import { checkSpec } from "./check_spec.ts";
import type { Finding } from "./finding.ts";

/** What was found of a node. */
export interface CheckedNode {
  /** Its name. */
  readonly name: string;
  /** What runs it. */
  readonly backend: string;
  /** Why it is another than `pair.ts` names. */
  readonly reason?: string | undefined;
  /** What its model reads. */
  readonly inputs: readonly TensorInfo[];
  /** What its model gives. */
  readonly outputs: readonly TensorInfo[];
  /** Size of the file. */
  readonly bytes: number;
  /** By how much the process grew when the model was loaded, in bytes. */
  readonly memory: number;
  /** Median milliseconds at batch 1. */
  readonly ms: number;
}

/** A pair that can be served, and what looks wrong all the same. */
export interface CheckedPair {
  /** The pair. */
  readonly pair: PairSpec;
  /** Its nodes in order. */
  readonly nodes: readonly CheckedNode[];
  /** What looks wrong. */
  readonly findings: readonly Finding[];
}

/**
 * Loads a pair on this thread as a worker does, and runs every node.
 *
 * @param found The pair.
 * @returns What was found.
 * @throws {PluginError} If it cannot be served; names the field.
 * @throws {PluginCodeError} If code of the plugin fails.
 * @throws {Error} If a model fails when it runs, or its logits are not finite.
 */
export async function checkPair({ pair, url }: FoundPair): Promise<CheckedPair> {
  const files = await readModels(pair, url, readSourceRules());
  const sizes = new Map(Object.entries(files).map(([node, { bytes }]) => [node, bytes.length]));
  const cache = new SessionCache(createBackends());
  const memory = await loadEach(cache, pair, files);
  const models = await openModels(cache, { pair, models: files });
  try {
    const costs = await medianCosts(models.plan, (node) => inputShape(pair, node), models.run);
    const { nodes } = models.plan.graph;
    return {
      pair,
      nodes: nodes.map((name) =>
        checkedNode(name, models, {
          bytes: sizes.get(name) ?? 0,
          memory: memory.get(name) ?? 0,
          ms: costs[name] ?? NaN,
        })
      ),
      findings: [
        ...checkSpec(pair),
        ...await checkCode(pair),
        ...await checkAnswers(models),
        ...checkOrder(nodes, costs),
      ],
    };
  } finally {
    await models.release();
  }
}

/** One after the other, to see by how much each grows the process; the cache keeps them. */
async function loadEach(
  cache: SessionCache,
  pair: PairSpec,
  files: Readonly<Record<string, ModelFile>>,
): Promise<Map<string, number>> {
  const memory = new Map<string, number>();
  // The first is loaded and freed before, so that the runtime itself is not counted.
  for (const [node, file] of Object.entries(files).slice(0, 1)) {
    const session = await cache.take(file, pair.models[node]?.backend).catch(() => undefined);
    await session?.release();
  }
  for (const [node, file] of Object.entries(files)) {
    const before = Deno.memoryUsage().rss;
    // What cannot be loaded is named with its field by openModels().
    await cache.take(file, pair.models[node]?.backend).catch(() => {});
    memory.set(node, Math.max(0, Deno.memoryUsage().rss - before));
  }
  return memory;
}

function checkedNode(
  name: string,
  { infos }: OpenModels,
  measured: Pick<CheckedNode, "bytes" | "memory" | "ms">,
): CheckedNode {
  const info = infos[name];
  return {
    name,
    backend: info?.served.backend ?? "",
    reason: info?.served.reason,
    inputs: info?.inputs ?? [],
    outputs: info?.outputs ?? [],
    ...measured,
  };
}

function checkOrder(nodes: readonly string[], costs: Readonly<Record<string, number>>): Finding[] {
  return nodes.slice(1).flatMap((node, index) => {
    const before = nodes[index] as string;
    const [cheap = 0, dear = 0] = [costs[before], costs[node]];
    if (dear >= cheap) return [];
    const text = `costs ${dear.toFixed(3)} ms, less than ${before} before it ` +
      `(${cheap.toFixed(3)} ms): put cheap nodes first, or leave ${before} out`;
    return [{ node, text }];
  });
}
