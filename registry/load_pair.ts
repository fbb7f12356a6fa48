import type { PolicyStore } from "../policies/mod.ts";
import type { ModelInfo } from "./bind_models.ts";
import { buildGraph, type Graph } from "./graph.ts";
import type { PairSpec } from "./pair.ts";
import type { LoadRequest } from "./runtime/engine.ts";
import type { WorkerPool } from "./runtime/pool.ts";
import { choosePolicy, type PolicySnapshot } from "./snapshot.ts";
import { type ModelFile, readModels } from "./sources.ts";

/** A model of a pair that is loaded. */
export interface LoadedModel extends ModelInfo {
  /** SHA-256 of the ONNX file in hex. */
  readonly sha256: string;
  /** Size of the ONNX file. */
  readonly bytes: number;
  /** Median milliseconds of the node at batch 1, measured at load. */
  readonly costMs: number;
}

/** A pair that can answer. */
export interface LoadedPair {
  /** What the plugin declares. */
  readonly spec: PairSpec;
  /** The checked graph. */
  readonly graph: Graph;
  /** The models by node, in the order of the graph. */
  readonly models: Readonly<Record<string, LoadedModel>>;
  /** The policy in use. */
  readonly policy: PolicySnapshot;
}

/** Where pairs are loaded and what they are told. */
export interface LoadPairContext {
  /** Runs the models. */
  readonly pool: WorkerPool;
  /** Where policy documents are kept. */
  readonly policies: PolicyStore;
  /** Runs one task after the other, so that measured costs are not disturbed by another load. */
  readonly inTurn: <T>(task: () => Promise<T>) => Promise<T>;
}

/**
 * Loads a pair into every worker: reads its models, checks hashes, shapes and graph, measures costs
 * and chooses its policy.
 *
 * @param spec The checked pair.
 * @param base URL of the plugin file.
 * @param context Where to load it.
 * @returns The pair, ready to answer.
 * @throws {PluginError} If something does not fit; nothing stays loaded.
 */
export async function loadPair(
  spec: PairSpec,
  base: URL,
  context: LoadPairContext,
): Promise<LoadedPair> {
  const graph = buildGraph(spec);
  const files = await readModels(spec, base);
  // Asked before the models are loaded: if it fails, nothing stays loaded.
  const stored = await context.policies.get(spec.name);
  const models = await context.inTurn(() => loadModels(spec, base, graph, files, context.pool));
  const hashes = Object.entries(files).map(([node, { sha256 }]) => [node, sha256] as const);
  const served = choosePolicy(spec.name, graph, Object.fromEntries(hashes), stored);
  const { snapshot, bound } = served;
  if (bound) {
    const request = { id: snapshot.name, policy: bound };
    await context.pool.broadcast(
      `policy ${snapshot.name}`,
      () => Promise.resolve(["setPolicy", request]),
    );
  }
  return { spec, graph, models, policy: snapshot };
}

async function loadModels(
  spec: PairSpec,
  base: URL,
  graph: Graph,
  files: Readonly<Record<string, ModelFile>>,
  pool: WorkerPool,
): Promise<Record<string, LoadedModel>> {
  const { name } = spec;
  const known = graph.nodes.map((node) => {
    const { sha256, bytes } = files[node] as ModelFile;
    return { node, sha256, bytes: bytes.length };
  });
  try {
    const infos = await pool.broadcast(`pair ${name}`, loadCall(spec, base, files));
    const costs = await pool.first("measure", name);
    return Object.fromEntries(known.map(({ node, sha256, bytes }): [string, LoadedModel] => {
      const info = infos[node] as ModelInfo;
      return [node, { ...info, sha256, bytes, costMs: costs[node] ?? NaN }];
    }));
  } catch (error) {
    await pool.retract(`pair ${name}`, "unload", name);
    throw error;
  }
}

/** The bytes are let go after the first call; for a worker that is replaced they are read again. */
function loadCall(
  spec: PairSpec,
  base: URL,
  files: Readonly<Record<string, ModelFile>> | undefined,
): () => Promise<readonly ["load", LoadRequest]> {
  return async () => {
    const current = files ?? await readModels(spec, base);
    files = undefined;
    const bytes = Object.entries(current).map(([node, file]) => [node, file.bytes] as const);
    return ["load", { pair: spec, models: Object.fromEntries(bytes) }];
  };
}
