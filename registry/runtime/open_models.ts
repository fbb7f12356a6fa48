import { PluginError } from "../base/errors.ts";
import { buildGraph } from "../pair/graph_inputs.ts";
import type { ModelSpec, PairSpec } from "../pair/pair_spec.ts";
import type { ModelFile } from "../models/model_file.ts";
import type { BackendName, Session } from "../base/backend.ts";
import { bindSessions, type BoundSessions } from "./bind_sessions.ts";
import { withCodeOf } from "../pair/plugin_code.ts";
import { withPostprocess } from "../walk/postprocess.ts";
import type { LoadRequest } from "./requests.ts";
import type { SessionCache } from "./session_cache.ts";

export type { OpenModelInfo } from "./bind_sessions.ts";

/** The models of a pair, ready to run on this thread. */
export interface OpenModels extends BoundSessions {
  /** The pair. */
  readonly pair: PairSpec;
  /** Frees the memory of all models that nobody else uses. */
  release(): Promise<void>;
}

/**
 * Loads the models of a pair and checks them against it.
 *
 * @param cache Holds the sessions of this thread.
 * @param request The pair and its files.
 * @returns The models. One that is elsewhere and does not answer is among them, and away.
 * @throws {PluginError} If a model cannot be loaded or does not fit; nothing stays loaded.
 */
export async function openModels(cache: SessionCache, request: LoadRequest): Promise<OpenModels> {
  const { models, again = false } = request;
  const pair = await withCode(request);
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
    const bound = bindSessions(pair, graph, sessions, again);
    return {
      pair,
      get plan() {
        return bound.plan;
      },
      get batching() {
        return bound.batching;
      },
      get infos() {
        return bound.infos;
      },
      run: withPostprocess(pair, bound.run),
      wake: () => bound.wake(),
      release,
    };
  } catch (error) {
    await release();
    throw error;
  }
}

/** Functions cannot be sent to a worker; it imports the plugin's module itself. */
async function withCode({ pair, code }: LoadRequest): Promise<PairSpec> {
  return code === undefined ? pair : withCodeOf(pair, (await import(code)).default);
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
