import { bindModels, type ModelInfo } from "../bind_models.ts";
import { PluginError } from "../errors.ts";
import { buildGraph } from "../graph.ts";
import type { ModelSpec, PairSpec } from "../pair.ts";
import type { RunNode, WalkPlan } from "../walk_plan.ts";
import type { ModelFile } from "../sources.ts";
import type { BackendName, Served, Session } from "./backend.ts";
import type { SessionCache } from "./session_cache.ts";

/** A pair to load, with its models. */
export interface LoadRequest {
  /** The checked pair. */
  readonly pair: PairSpec;
  /** ONNX files with their hashes, by node. Models with the same hash share one session. */
  readonly models: Readonly<Record<string, ModelFile>>;
}

/** The inputs and outputs of a loaded model, and what runs it. */
export interface OpenModelInfo extends ModelInfo {
  /** What runs it. */
  readonly served: Served;
}

/** The models of a pair, ready to run on this thread. */
export interface OpenModels {
  /** The pair. */
  readonly pair: PairSpec;
  /** What a walk needs. */
  readonly plan: WalkPlan;
  /** Inputs and outputs of every model and what runs it, by node. */
  readonly infos: Readonly<Record<string, OpenModelInfo>>;
  /** Runs a node's model. */
  readonly run: RunNode;
  /** Frees the memory of all models that nobody else uses. */
  release(): Promise<void>;
}

/**
 * Loads the models of a pair and checks them against it.
 *
 * @param cache Holds the sessions of this thread.
 * @param request The pair and its files.
 * @returns The models.
 * @throws {PluginError} If a model cannot be loaded or does not fit; nothing stays loaded.
 */
export async function openModels(cache: SessionCache, request: LoadRequest): Promise<OpenModels> {
  const { pair, models } = request;
  const graph = buildGraph(pair);
  const sessions = new Map<string, Session>();
  const release = async () => {
    for (const session of sessions.values()) await session.release();
  };
  try {
    for (const node of graph.nodes) {
      const { backend } = pair.models[node] as ModelSpec;
      sessions.set(node, await openModel(cache, node, models[node] as ModelFile, backend));
    }
    const infos = Object.fromEntries(
      [...sessions].map(([node, { served, inputs, outputs }]) => [
        node,
        { served, inputs, outputs },
      ]),
    );
    const plan = bindModels(pair, graph, infos);
    const run: RunNode = (node, feeds) => (sessions.get(node) as Session).run(feeds);
    return { pair, plan, infos, run, release };
  } catch (error) {
    await release();
    throw error;
  }
}

async function openModel(
  cache: SessionCache,
  node: string,
  file: ModelFile,
  backend: BackendName | undefined,
): Promise<Session> {
  try {
    return await cache.take(file, backend);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new PluginError(`models.${node}.source`, `cannot load the model: ${reason}`);
  }
}
