/**
 * The worker, for a test: it loses its GPU device when it is told `lose`.
 *
 * @module
 */

import "../../registry/runtime/worker.ts";

const devices: GPUDevice[] = [];
const { requestDevice } = GPUAdapter.prototype;
GPUAdapter.prototype.requestDevice = async function (...args) {
  const device = await requestDevice.apply(this, args);
  devices.push(device);
  return device;
};

addEventListener("message", (event) => {
  if ((event as MessageEvent).data !== "lose") return;
  for (const device of devices) device.destroy();
});
