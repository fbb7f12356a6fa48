import { assertEquals } from "@std/assert";
import { type GpuScope, probeWebGpu } from "./webgpu_probe.ts";

class Device {
  destroyed = false;
  get lost(): unknown {
    return new Promise(() => {});
  }
  destroy() {
    this.destroyed = true;
  }
}

class OldDevice {
  destroy() {}
}

/** A scope whose adapter gives the device, or fails. */
function scopeOf(
  device: object | Error,
  info = { description: "Test GPU", vendor: "7", isFallbackAdapter: false },
  GPUDevice: GpuScope["GPUDevice"] = Device,
): GpuScope {
  const requestDevice = () =>
    device instanceof Error ? Promise.reject(device) : Promise.resolve(device);
  const requestAdapter = () => Promise.resolve({ info, requestDevice });
  return { navigator: { gpu: { requestAdapter } }, GPUDevice } as unknown as GpuScope;
}

Deno.test("probeWebGpu() names the adapter and gives its device back", async () => {
  const device = new Device();
  assertEquals(await probeWebGpu(scopeOf(device)), { adapter: "Test GPU", software: false });
  assertEquals(device.destroyed, true);
});

Deno.test("probeWebGpu() knows an adapter that is software, and one without a description", async () => {
  const info = { description: "", vendor: "7", isFallbackAdapter: true };
  assertEquals(await probeWebGpu(scopeOf(new Device(), info)), { adapter: "7", software: true });
});

Deno.test("probeWebGpu() says why there is no device", async () => {
  const none = { requestAdapter: () => Promise.resolve(null) };
  const broken = { requestAdapter: () => Promise.reject(new Error("driver is gone")) };
  const cases: [GpuScope, string][] = [
    [{ navigator: {}, GPUDevice: Device }, "this runtime has no WebGPU"],
    [{ navigator: { gpu: none } }, "this runtime has no WebGPU"],
    [{ navigator: { gpu: none }, GPUDevice: Device }, "no adapter was found"],
    [{ navigator: { gpu: broken }, GPUDevice: Device }, "no device: driver is gone"],
    [scopeOf(new Error("out of memory")), "no device: out of memory"],
  ];
  for (const [scope, reason] of cases) assertEquals(await probeWebGpu(scope), { reason });
});

Deno.test("probeWebGpu() refuses devices that cannot tell that they are lost", async () => {
  const reason = "WebGPU of this runtime cannot be used, that of Deno 2.8 or later can";
  const asked: GpuScope = {
    navigator: { gpu: { requestAdapter: () => Promise.reject(new Error("was asked")) } },
    GPUDevice: OldDevice,
  };
  assertEquals(await probeWebGpu(asked), { reason });
  assertEquals(await probeWebGpu(scopeOf(new OldDevice())), { reason });
});
