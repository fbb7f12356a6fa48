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

import { discoverPlugins, parsePair } from "../registry/mod.ts";
import { createBackends, openModels, sampleCosts, SessionCache } from "../registry/runtime/mod.ts";
import { readModels } from "../registry/models/mod.ts";
import { round } from "../cli/shared/mod.ts";
import { report } from "./shared/report.ts";
import { randomInput } from "./shared/random_input.ts";

const folder = new URL("../registry/plugins/", import.meta.url);
const rows: Record<string, unknown>[] = [];
for (const plugin of await discoverPlugins([folder], console.error)) {
  const pair = parsePair(await plugin.load());
  const files = await readModels(pair, plugin.url);
  const models = await openModels(new SessionCache(createBackends()), { pair, models: files });
  const costs = await sampleCosts(models.plan, () => randomInput(pair), models.run);
  const cheapest = costs[Object.keys(pair.models)[0] ?? ""]?.median ?? NaN;
  for (const [node, { median, p10, p90, runs }] of Object.entries(costs)) {
    rows.push({
      pair: pair.name,
      node,
      median_ms: round(median),
      p10_ms: round(p10),
      p90_ms: round(p90),
      times_first: round(median / cheapest, 1),
      n: runs,
    });
  }
  await models.release();
}
await report("nodes", rows);
