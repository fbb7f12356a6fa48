/**
 * What every node of every shipped pair costs: batch 1, warm, ONNX Runtime Web on one thread,
 * without server or worker. Nodes take turns, five runs each, so that a slow moment of the machine hits
 * all of them; the first of the five is not counted.
 *
 * ```
 * deno task bench:nodes
 * ```
 *
 * @module
 */

import { discoverPlugins, type PairSpec } from "../registry/mod.ts";
import { parsePair } from "../registry/pair.ts";
import { Engine } from "../registry/runtime/engine.ts";
import { WasmBackend } from "../registry/runtime/wasm.ts";
import { readModels } from "../registry/sources.ts";
import { elementCount } from "../registry/tensor.ts";
import { quantile, report, round } from "./machine.ts";

const WARM_UP_ROUNDS = 20;
const ROUNDS = 100;
/** Runs of a node one after the other within a round; the first finds the caches cold. */
const RUNS = 5;

const folder = new URL("../registry/plugins/", import.meta.url);
const rows: Record<string, unknown>[] = [];
for (const plugin of await discoverPlugins([folder], console.error)) {
  const pair = parsePair(await plugin.load());
  const files = await readModels(pair, plugin.url);
  const bytes = Object.entries(files).map(([node, file]) => [node, file.bytes] as const);
  const engine = new Engine(new WasmBackend());
  await engine.load({ pair, models: Object.fromEntries(bytes) });

  const nodes = Object.keys(pair.models);
  const times = new Map(nodes.map((node) => [node, [] as number[]]));
  for (let current = 0; current < WARM_UP_ROUNDS + ROUNDS; current++) {
    for (const node of nodes) {
      for (let run = 0; run < RUNS; run++) {
        const ms = await runOnce(engine, pair, node);
        if (current >= WARM_UP_ROUNDS && run > 0) times.get(node)?.push(ms);
      }
    }
  }
  const [cheapest = NaN] = nodes.map((node) => median(times.get(node)));
  for (const node of nodes) {
    const sorted = times.get(node)?.toSorted((a, b) => a - b) ?? [];
    rows.push({
      pair: pair.name,
      node,
      median_ms: round(quantile(sorted, 0.5)),
      p10_ms: round(quantile(sorted, 0.1)),
      p90_ms: round(quantile(sorted, 0.9)),
      times_first: round(quantile(sorted, 0.5) / cheapest, 1),
      n: sorted.length,
    });
  }
  await engine.unload(pair.name);
}
await report("nodes", rows);

/** Milliseconds of a node on noise. */
async function runOnce(engine: Engine, pair: PairSpec, node: string): Promise<number> {
  const length = elementCount(pair.input.shape);
  const data = Float32Array.from({ length }, () => Math.random() * 4 - 1);
  const { items: [item] } = await engine.run({
    pair: pair.name,
    policy: { always: node },
    input: { kind: "tensor", data, count: 1 },
  });
  return item?.nodes.at(-1)?.ms ?? NaN;
}

function median(values: readonly number[] = []): number {
  return quantile(values.toSorted((a, b) => a - b), 0.5);
}
