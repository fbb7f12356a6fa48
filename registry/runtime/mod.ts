/**
 * What runs models: a pool of workers, each with an engine, on backends that all keep one contract
 * (WebAssembly, WebGPU, another server). The server talks to the pool; tasks open models on their own
 * thread.
 *
 * @example A network of a pair that ships, on WebAssembly
 * ```ts
 * import { WasmBackend } from "./mod.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const file = new URL("../plugins/fashion-mnist/small.onnx", import.meta.url);
 * const session = await new WasmBackend().load(await Deno.readFile(file));
 * const blank = { datatype: "FP32", shape: [1, 1, 28, 28], data: new Float32Array(784) } as const;
 * const { logits } = await session.run({ [session.inputs[0]!.name]: blank });
 * assertEquals(logits?.shape, [1, 10]);
 * await session.release();
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
