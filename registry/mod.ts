/**
 * What can be served: the plugin contract, loading, and answering requests with a pair.
 *
 * @example Every pair that ships, and an answer
 * ```ts
 * import { discoverPlugins, Registry } from "./mod.ts";
 * import { MemoryPolicyStore } from "../policies/stores/mod.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const registry = new Registry({
 *   workers: 1,
 *   queue: 8,
 *   policies: new MemoryPolicyStore(),
 *   watch: { shadow: 0, spare: 0, onAlarm: "warn", delta: 0.01, answers: { capacity: 0, ms: 0 } },
 *   log: () => {},
 * });
 * const folder = new URL("./plugins/", import.meta.url);
 * await registry.load(await discoverPlugins([folder], () => {}));
 * const bytes = await Deno.readFile(new URL("fashion-mnist/samples/0001.png", folder));
 * const image = { kind: "image", bytes, maxPixels: 1e6 } as const;
 * const { items, pair } = await registry.infer("fashion-mnist", image, { policy: "always:small" });
 * const { path, logits } = items[0]!;
 * assertEquals(path, ["small"]);
 * assertEquals(pair.spec.labels[logits.indexOf(Math.max(...logits))], "Ankle boot");
 * registry.close();
 * ```
 *
 * @module
 */

export { chain, definePair } from "./pair/define_pair.ts";
export { discoverPlugins, type ListedPlugin, listedPlugins, type Plugin } from "./pair/discover.ts";
export { EVENT_KINDS, type EventKind, type Log, type ServerEvent } from "./base/events.ts";
export { folderUrl } from "./base/folder_url.ts";
export { type Locations, locations } from "./base/locations.ts";
export { manifest } from "./pair/manifest.ts";
export { type WasmName } from "./base/wasm_files.ts";
export {
  InvalidInputError,
  NodeUnavailableError,
  NoPolicyError,
  PairNotReadyError,
  PluginCodeError,
  PluginError,
  QueueFullError,
  UnknownPairError,
  UnknownRequestError,
} from "./base/errors.ts";
export { buildGraph, type Graph, type Source } from "./pair/graph_inputs.ts";
export {
  type ImageSpec,
  /** @ignore */
  imageSpecSchema,
  MAX_SIDE,
  type Pixels,
  RAW_CHANNELS,
  type Size,
} from "./input/image/mod.ts";
export { checkTakesTensors, inputShape, takesImages, whyNoTensors } from "./pair/input_shape.ts";
export {
  type GraphSpec,
  type InputSpec,
  MILLISECONDS,
  type ModelSpec,
  type PairSpec,
  type RemoteSpec,
} from "./pair/pair_spec.ts";
export {
  // Doc lint takes Zod's type for a private one; hence the tag.
  /** @ignore */
  inputSpecSchema,
  parsePair,
} from "./pair/pair.ts";
export {
  type Declared,
  hasCode,
  type PairCode,
  type PluginCode,
  type Postprocess,
  type PostprocessContext,
  preparationOf,
  type Preprocess,
  type PreprocessContext,
} from "./pair/plugin_code.ts";
export { type Inference, type InferOptions, POLICY_ROLES, type PolicyRole } from "./inference.ts";
export { type PairEntry } from "./pair_entries.ts";
export { type PoolStats, Registry, type RegistryOptions } from "./registry.ts";
export { type RawImages, type RequestInput } from "./runtime/requests.ts";
export { type BackendName, type Served, type TensorInfo } from "./base/backend.ts";
export { type OpenModelInfo } from "./runtime/open_models.ts";
export { type PolicyChoice } from "./runtime/requests.ts";
export { type Degraded, type RoutedItem, type Walked } from "./walk/walked.ts";
export { type NodeAvailability } from "./runtime/availability.ts";
export { type ModelInfo } from "./runtime/bind_models.ts";
export { elementCount, type Tensor } from "./base/tensor.ts";
export { type CanarySnapshot } from "./policy/live_canary.ts";
export { type Changed, type ChangeOptions, type FallBack } from "./policy/policy_change.ts";
export { LivePolicy } from "./policy/live_policy.ts";
export { type RiskReport } from "../policies/watch/mod.ts";
export {
  type Quantity,
  QUANTITY_NAMES,
  type ShadowCounts,
  type VersionReport,
} from "./monitor/version_report.ts";
export { type Alarm, Monitor, type MonitorOptions } from "./monitor/monitor.ts";
export { type LoggedAnswer } from "./monitor/answer_log.ts";
export { type WatchOptions } from "./monitor/watch_options.ts";
export { type PointRequest } from "./policy/operating_point.ts";
export { type DryRunPoint, type DryRunResult } from "./policy/dry_run_result.ts";
export { type LoadedModel, type LoadedPair } from "./load_pair.ts";
export { PairCosts } from "./walk/pair_costs.ts";
export { type PolicySnapshot } from "./policy/snapshot.ts";
export { WorkerCrashError } from "./runtime/client.ts";
