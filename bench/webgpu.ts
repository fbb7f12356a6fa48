/**
 * What every node of the shipped pairs costs on WebGPU beside WebAssembly: batch 1, warm, without server
 * or worker. All nodes take turns on both, five runs each; the first of the five is not counted.
 *
 * ```
 * deno task bench:webgpu
 * ```
 *
 * @module
 */

import { chain, discoverPlugins, parsePair } from "../registry/mod.ts";
import type { ModelSpec, PairSpec } from "../registry/pair/mod.ts";
import type { BackendName } from "../registry/base/mod.ts";
import {
  createBackends,
  openModels,
  probeWebGpu,
  sampleCosts,
  SessionCache,
} from "../registry/runtime/mod.ts";
import { readModels } from "../registry/models/mod.ts";
import { fail, round } from "../cli/shared/mod.ts";
import { report } from "./shared/report.ts";
import { randomInput } from "./shared/random_input.ts";

/** Software adapters take seconds for a round. */
const BUDGET_MS = 30_000;

const gpu = await probeWebGpu();
if ("reason" in gpu) fail(`Cannot measure WebGPU: ${gpu.reason}. See docs/webgpu.md.`);
const adapter = `${gpu.adapter}, ${gpu.software ? "software" : "GPU"}`;
console.log(`Adapter: ${adapter}`);

const folder = new URL("../registry/plugins/", import.meta.url);
const cache = new SessionCache(createBackends());
const rows: Record<string, unknown>[] = [];
for (const plugin of await discoverPlugins([folder], console.error)) {
  const pair = parsePair(await plugin.load());
  const nodes = Object.keys(pair.models);
  const both = onBoth(pair);
  const models = await openModels(cache, {
    pair: both,
    models: await readModels(both, plugin.url),
  });
  const costs = await sampleCosts(models.plan, () => randomInput(both), models.run, {
    warmUpRounds: 3,
    budgetMs: BUDGET_MS,
  });
  for (const node of nodes) {
    const [wasm, webgpu] = [costs[on(node, "wasm")], costs[on(node, "webgpu")]];
    const { served } = models.infos[on(node, "webgpu")] ?? {};
    if (!wasm || !webgpu || served?.backend !== "webgpu") {
      throw new Error(`Cannot measure ${pair.name}/${node} on WebGPU: ${served?.reason}`);
    }
    rows.push({
      pair: pair.name,
      node,
      wasm_ms: round(wasm.median),
      webgpu_ms: round(webgpu.median),
      webgpu_p10_ms: round(webgpu.p10),
      webgpu_p90_ms: round(webgpu.p90),
      times_wasm: round(webgpu.median / wasm.median, 2),
      n: webgpu.runs,
    });
  }
  await models.release();
}
await report("webgpu", rows, { adapter });

/** The pair with every node twice, so that both backends are measured in the same rounds. */
function onBoth(pair: PairSpec): PairSpec {
  const models: Record<string, ModelSpec> = {};
  for (const backend of ["wasm", "webgpu"] as const) {
    for (const [node, { inputs = {}, ...model }] of Object.entries(pair.models)) {
      const sources = Object.entries(inputs).map(([input, source]) => {
        const [from = "", output] = source.split(".");
        return [input, output === undefined ? source : `${on(from, backend)}.${output}`];
      });
      models[on(node, backend)] = { ...model, backend, inputs: Object.fromEntries(sources) };
    }
  }
  return { ...pair, models, graph: chain(...Object.keys(models)) };
}

function on(node: string, backend: BackendName): string {
  return `${node}-${backend}`;
}
