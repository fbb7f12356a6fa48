/** A GPU that goes away while the pool serves from it. */
import { assertEquals, assertRejects } from "@std/assert";
import { probeWebGpu, WorkerCrashError, WorkerPool } from "../../registry/runtime/mod.ts";
import { readModels } from "../../registry/models/mod.ts";
import { readShippedPair, shippedPlugin } from "../harness/files/plugins.ts";
import { normalise, readSamples } from "../harness/files/samples.ts";

const NAME = "fashion-mnist";
const gpu = await probeWebGpu();
const samples = await readSamples();

const request = () => {
  const data = Float32Array.from(normalise(samples.slice(0, 1)));
  return {
    pair: NAME,
    policy: { always: "small" },
    input: { kind: "tensor", data, count: 1 },
  } as const;
};

Deno.test({
  name: `a pool goes on after its device was lost${
    "reason" in gpu ? ` (skipped: ${gpu.reason})` : ""
  }`,
  ignore: "reason" in gpu,
  fn: async () => {
    const workers: Worker[] = [];
    const crashes: string[] = [];
    const pool = new WorkerPool({
      size: 1,
      capacity: 8,
      spawn: () => {
        const script = new URL("../harness/scripts/losing_worker.ts", import.meta.url);
        workers.push(new Worker(script, { type: "module" }));
        return workers.at(-1) as Worker;
      },
      onCrash: (_, reason) => crashes.push(reason),
    });
    const pair = await readShippedPair(NAME, () => "webgpu");
    const infos = await pool.broadcast("pair", async () => {
      return ["load", { pair, models: await readModels(pair, shippedPlugin(NAME)) }];
    });
    assertEquals(infos["small"]?.served, { backend: "webgpu" });
    const { items: [before] } = await pool.run(request());

    workers[0]?.postMessage("lose");
    await assertRejects(() => pool.run(request()), Error, "the device was lost");
    // The next may still reach the worker that is about to end.
    const run = () => pool.run(request());
    const { items: [after] } = await run().catch((error) => {
      if (error instanceof WorkerCrashError) return run();
      throw error;
    });
    assertEquals(after?.logits, before?.logits);
    assertEquals([workers.length, crashes.length], [2, 1]);
    pool.close();
  },
});
