/** The part of the global scope that WebGPU is looked for in. */
export interface GpuScope {
  /** Has `gpu` where the runtime knows WebGPU. */
  readonly navigator: { readonly gpu?: Pick<GPU, "requestAdapter"> | undefined };
  /** The class of devices. */
  readonly GPUDevice?: { readonly prototype: object } | undefined;
}

/** Whether WebGPU can be used: the name of the adapter, or the reason why not. */
export type GpuProbe =
  | { readonly adapter: string; readonly software: boolean }
  | { readonly reason: string };

const TOO_OLD = "WebGPU of this runtime cannot be used, that of Deno 2.8 or later can";

/**
 * Looks for a device. ONNX Runtime Web must not be asked without: in Deno before 2.8 it ends the process
 * by a rejection that nobody can catch, because devices lack the promise `lost` there.
 *
 * @param scope Where to look.
 * @returns What was found.
 */
export async function probeWebGpu(scope: GpuScope = globalThis): Promise<GpuProbe> {
  const { navigator: { gpu }, GPUDevice } = scope;
  if (!gpu || !GPUDevice) return { reason: "this runtime has no WebGPU" };
  if (!("lost" in GPUDevice.prototype)) return { reason: TOO_OLD };
  try {
    const adapter = await gpu.requestAdapter();
    if (!adapter) return { reason: "no adapter was found" };
    const device = await adapter.requestDevice();
    const usable = typeof device.lost?.then === "function";
    device.destroy();
    if (!usable) return { reason: TOO_OLD };
    const { description, vendor, isFallbackAdapter } = adapter.info;
    return { adapter: description || vendor || "unnamed", software: isFallbackAdapter };
  } catch (error) {
    return { reason: `no device: ${error instanceof Error ? error.message : error}` };
  }
}
