/**
 * The worker, for a test: it loses its GPU device when it is told `lose`.
 *
 * @module
 */

import { spy } from "@std/testing/mock";
import "../../../registry/runtime/worker.ts";

const requests = spy(GPUAdapter.prototype, "requestDevice");

addEventListener("message", async (event) => {
  if ((event as MessageEvent).data !== "lose") return;
  for (const { returned } of requests.calls) (await returned)?.destroy();
});
