/**
 * What runs models: a pool of workers, each with an engine, on backends that all keep one contract
 * (WebAssembly, WebGPU, another server). The server talks to the pool; tasks open models on their own
 * thread.
 *
 * @example An error keeps its class on the way back from a worker
 * ```ts
 * import { InvalidInputError } from "../base/mod.ts";
 * import { decodeError, encodeError } from "./mod.ts";
 * import { assert, assertEquals } from "@std/assert";
 *
 * const sent = structuredClone(encodeError(new InvalidInputError("shape", "is [3]")));
 * const error = decodeError(sent);
 * assert(error instanceof InvalidInputError);
 * assertEquals([error.field, error.reason], ["shape", "is [3]"]);
 * ```
 *
 * @module
 */

export { createBackends } from "./backends/backends.ts";
export { RemoteBackend } from "./backends/remote/remote.ts";
export { WasmBackend } from "./backends/wasm.ts";
export { type GpuProbe, type GpuScope, probeWebGpu } from "./backends/webgpu_probe.ts";
export { type ModelInfo } from "./bind_models.ts";
export { type BoundSessions } from "./bind_sessions.ts";
export { WorkerClient, WorkerCrashError, type WorkerLike } from "./client.ts";
export { Engine } from "./engine.ts";
export { median, medianCosts, type MedianCostsOptions, patternOf } from "./measure.ts";
export * from "./messages.ts";
export { type OpenModelInfo, type OpenModels, openModels } from "./open_models.ts";
export { WorkerPool, type WorkerPoolOptions } from "./pool.ts";
export type * from "./requests.ts";
export { type NodeCost, quantile, sampleCosts, type SampleCostsOptions } from "./sample_costs.ts";
export { SessionCache } from "./session_cache.ts";
export { type MakeCall } from "./slot.ts";
