import type { PolicyStore, Seed } from "../policies/stores/mod.ts";
import type { Log } from "./base/events.ts";
import { buildGraph, type Graph } from "./pair/graph_inputs.ts";
import { Monitor } from "./monitor/monitor.ts";
import { QUANTITY_NAMES } from "./monitor/version_report.ts";
import type { WatchOptions } from "./monitor/watch_options.ts";
import { Availability, type NodeAvailability } from "./runtime/availability.ts";
import { LivePolicy } from "./policy/live_policy.ts";
import type { FallBack } from "./policy/policy_change.ts";
import type { PairSpec } from "./pair/pair_spec.ts";
import { PairCosts } from "./walk/pair_costs.ts";
import { hasCode, withCodeOf } from "./pair/plugin_code.ts";
import type { OpenModelInfo } from "./runtime/open_models.ts";
import type { WorkerPool } from "./runtime/pool.ts";
import type { MakeCall } from "./runtime/slot.ts";
import type { ModelFile } from "./models/model_file.ts";
import type { SourceRules } from "./models/source_rules.ts";
import { readModels, type ReadModelsOptions } from "./models/sources.ts";

/** A model of a pair that is loaded. */
export interface LoadedModel extends OpenModelInfo {
  /** SHA-256 of the ONNX file in hex; of a model elsewhere, what policies bind to. */
  readonly sha256: string;
  /** Size of the ONNX file; of a model elsewhere it is not known. */
  readonly bytes?: number | undefined;
}

/** A pair that can answer. */
export interface LoadedPair {
  /** What the plugin declares. */
  readonly spec: PairSpec;
  /** The checked graph. */
  readonly graph: Graph;
  /** The models by node, in the order of the graph. */
  readonly models: Readonly<Record<string, LoadedModel>>;
  /** What the nodes cost: as the plugin states, else median milliseconds at batch 1. */
  readonly costs: PairCosts;
  /** Which nodes do not answer, of those whose models are elsewhere. */
  readonly availability: NodeAvailability;
  /** The policy in use, which may change at any moment. */
  readonly live: LivePolicy;
  /** Watches what the policy does. */
  readonly monitor: Monitor;
}

/** Where pairs are loaded and what they are told. */
export interface LoadPairContext {
  /** Runs the models. */
  readonly pool: WorkerPool;
  /** Where policy documents are kept. */
  readonly policies: PolicyStore;
  /** The documents that ship with the pairs. */
  readonly seed?: Seed | undefined;
  /** URL of the folder in which models of the network are kept, with a trailing slash. */
  readonly cache?: URL | undefined;
  /** What models of the network may be. */
  readonly sources?: SourceRules | undefined;
  /** Runs one task after the other, so that measured costs are not disturbed by another load. */
  readonly inTurn: <T>(task: () => Promise<T>) => Promise<T>;
  /** How live traffic is watched. */
  readonly watch: WatchOptions;
  /** Receives one line for everything that an operator should know. */
  readonly log: Log;
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
  const prepared = await prepare(spec, base, { cache: context.cache, ...context.sources });
  const { models, measured } = await context.inTurn(() => {
    return loadModels(spec.name, graph, prepared, context.pool);
  });
  const { pool, policies: store, seed, log } = context;
  for (const [node, { served: { backend, reason } }] of Object.entries(models)) {
    if (reason) log(`pair ${spec.name}: ${node} runs on ${backend} (${reason})`);
  }
  const costs = new PairCosts(spec, graph, measured);
  const availability = new Availability({ pair: spec.name, costs, pool, log });
  for (const [node, { away }] of Object.entries(models)) {
    if (away !== undefined) availability.lose(node, away);
    else if (costs.of(node) === undefined) availability.lose(node, "it could not be measured");
  }
  const monitor = openMonitor(spec.name, graph, context, (fall) => live.fallBack(fall));
  const live = await LivePolicy.start({
    pair: spec.name,
    graph,
    models: Object.fromEntries(
      Object.entries(models).map(([node, { sha256 }]) => [node, sha256]),
    ),
    costs,
    pool,
    store,
    seed,
    log,
    onPromote: (canary, version) => monitor.rename(canary, version),
  });
  return { spec, graph, models, costs, availability, live, monitor };
}

function openMonitor(
  pair: string,
  graph: Graph,
  { watch, log }: LoadPairContext,
  fallBack: (fall: FallBack) => Promise<void>,
): Monitor {
  const { shadow, delta, answers, onAlarm } = watch;
  const monitor: Monitor = new Monitor({
    nodes: graph.nodes,
    shadow,
    delta,
    answers,
    onDrift: (policy, sentence) => {
      log(`pair ${pair}: ${policy}: ${sentence}`, { kind: "drift", pair, policy });
    },
    onAlarm: ({ policy, quantity, sentence }) => {
      const about = QUANTITY_NAMES[quantity];
      log(`pair ${pair}: alarm: ${sentence}`, { kind: "alarm", pair, policy, about });
      // Traffic that is dearer is not wrong.
      if (onAlarm === "warn" || quantity === "fullShare") return;
      const keptItsLevel = (other: string) => !monitor.hasAlarm(other);
      fallBack({ policy, to: onAlarm, keptItsLevel, from: `alarm: ${sentence}` })
        .catch((error) => {
          log(`pair ${pair}: cannot fall back: ${error}`, {
            kind: "fall_back_failed",
            pair,
            policy,
          });
        });
    },
  });
  return monitor;
}

/** The files of a pair without their bytes, which only the call has. */
interface Prepared {
  /** Hash and size of every model, by node. */
  readonly known: Readonly<Record<string, Pick<LoadedModel, "sha256" | "bytes">>>;
  /** Makes the call that loads them. */
  readonly call: MakeCall<"load">;
}

async function prepare(spec: PairSpec, base: URL, options: ReadModelsOptions): Promise<Prepared> {
  let files: Readonly<Record<string, ModelFile>> | undefined = await readModels(
    spec,
    base,
    options,
  );
  const known = Object.entries(files).map(([node, { sha256, bytes }]) =>
    [
      node,
      { sha256, bytes: spec.models[node]?.backend === "remote" ? undefined : bytes.length },
    ] as const
  );
  const sent = { pair: withCodeOf(spec), code: hasCode(spec) ? base.href : undefined };
  return {
    known: Object.fromEntries(known),
    // The bytes are let go with the first call; for a worker that is replaced they are read again.
    call: async () => {
      const again = files === undefined;
      const models = files ?? await readModels(spec, base, options);
      files = undefined;
      const buffers = new Set(Object.values(models).map(({ bytes }) => bytes.buffer));
      return ["load", { ...sent, models, again }, [...buffers] as ArrayBuffer[]];
    },
  };
}

async function loadModels(
  name: string,
  graph: Graph,
  { known, call }: Prepared,
  pool: WorkerPool,
): Promise<{
  readonly models: Record<string, LoadedModel>;
  readonly measured: Readonly<Record<string, number>>;
}> {
  try {
    const infos = await pool.broadcast(`pair ${name}`, call);
    const measured = await pool.first("measure", name);
    const models = Object.fromEntries(graph.nodes.map((node): [string, LoadedModel] => {
      const info = infos[node] as OpenModelInfo;
      const file = known[node] as Prepared["known"][string];
      return [node, { ...info, ...file }];
    }));
    return { models, measured };
  } catch (error) {
    await pool.retract(`pair ${name}`, "unload", name);
    throw error;
  }
}
