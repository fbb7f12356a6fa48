import type { Trace } from "../../policies/learn/trace/mod.ts";
import {
  type Graph,
  hasCode,
  MILLISECONDS,
  type PairSpec,
  takesImages,
} from "../../registry/mod.ts";
import { imageInput } from "../../registry/input/mod.ts";
import {
  createBackends,
  type NodeCost,
  type OpenModels,
  openModels,
  sampleCosts,
  SessionCache,
} from "../../registry/runtime/mod.ts";
import { readModels } from "../../registry/models/mod.ts";
import { answerAll } from "./answer_all.ts";
import type { Examples } from "./examples.ts";
import type { FoundPair } from "./find_pair.ts";
import { startBar, type StartProgress } from "../shared/progress.ts";
import { ifThere } from "../shared/if_there.ts";
import { sha256 } from "../shared/sha256.ts";
import { readSourceRules } from "../shared/source_rules.ts";

/** Options of {@linkcode runTrace}. */
export interface RunTraceOptions {
  /** Folder in which answers are kept as they come, with a trailing slash. */
  readonly work: URL;
  /** The machine, as a report should name it. */
  readonly machine: string;
  /**
   * How often each node gets its turn of four runs that count for its cost; less often, but at least
   * ten times, if that takes more than two minutes.
   *
   * @default 100
   */
  readonly rounds?: number | undefined;
  /**
   * Shows how far it has come.
   *
   * @default a bar
   */
  readonly progress?: StartProgress | undefined;
}

const BUDGET_MS = 120_000;
const WARM_UP_ROUNDS = 20;

/**
 * Runs every node of a pair on every example, then measures what every node costs. Answers that are
 * kept from an earlier run with the same models and data are not computed again, unless the plugin has
 * code of its own; costs are measured anew.
 *
 * @param found The pair.
 * @param examples The data.
 * @param options See {@linkcode RunTraceOptions}.
 * @returns The trace.
 * @throws {PluginError} If a model cannot be loaded or does not fit.
 * @throws {Error} If an example cannot be used, or a model answers with logits that are not finite.
 */
export async function runTrace(
  { pair, url }: FoundPair,
  examples: Examples,
  { work, machine, rounds = 100, progress = startBar }: RunTraceOptions,
): Promise<Trace> {
  checkTakesImages(pair);
  const files = await readModels(pair, url, readSourceRules());
  const hashes = Object.fromEntries(
    Object.entries(files).map(([node, { sha256 }]) => [node, sha256] as const),
  );
  const kept = await keptAnswers(pair, work, keyOf(pair, hashes, examples));
  const models = await openModels(new SessionCache(createBackends()), { pair, models: files });
  try {
    const { graph } = models.plan;
    const logits = await answerAll(models, examples, kept, progress);
    const costs = await measure(models, examples, rounds, progress);
    const cost = (node: string) => costs[node] as NodeCost;
    const stated = (node: string) => pair.models[node]?.cost;
    return {
      pair: pair.name,
      nodes: graph.nodes,
      successors: graph.successors,
      reads: ofEach(graph.nodes, (node) => nodesRead(graph, node)),
      full: graph.full,
      models: hashes,
      classes: pair.labels.length,
      count: examples.ids.length,
      labels: examples.labels,
      logits,
      cost: ofEach(graph.nodes, (node) => stated(node) ?? cost(node).median),
      spread: ofEach(graph.nodes, (node) => {
        const price = stated(node);
        return price === undefined ? [cost(node).p10, cost(node).p90] : [price, price];
      }),
      measured:
        `${runtimeVersion()} on WebAssembly, one thread, one worker; ${machine}; batch 1, ` +
        `median of ${cost(graph.full).runs} interleaved runs${elsewhereNote(pair)}${
          statedNote(pair)
        }`,
      ids: examples.ids,
      part: examples.part,
    };
  } finally {
    await models.release();
  }
}

async function measure(
  { pair, plan, run }: OpenModels,
  examples: Examples,
  rounds: number,
  progress: StartProgress,
): Promise<Record<string, NodeCost>> {
  const bar = progress(`${pair.name}: costs`, WARM_UP_ROUNDS + rounds);
  try {
    return await sampleCosts(
      plan,
      (round) => {
        // A prime, so that examples from everywhere in the data take part.
        const input = examples.pixels(round * 7919 % examples.ids.length)
          .then((pixels) => imageInput(pair, () => pixels));
        return async (node) => await (await input)(node);
      },
      run,
      {
        warmUpRounds: WARM_UP_ROUNDS,
        rounds,
        budgetMs: BUDGET_MS,
        onRound: (done) => bar.update(done),
      },
    );
  } finally {
    bar.stop();
  }
}

function checkTakesImages(pair: PairSpec): void {
  if (takesImages(pair)) return;
  throw new Error(
    `Cannot trace ${pair.name}: it takes tensors, and only images can be read; docs/traces.md says ` +
      "how to write its trace yourself",
  );
}

function nodesRead({ sources }: Graph, node: string): string[] {
  const read = Object.values(sources[node] ?? {}).flatMap((source) =>
    source.kind === "node" ? [source.node] : []
  );
  return [...new Set(read)];
}

/** Which costs are not of this machine, but round trips. */
function elsewhereNote({ models }: PairSpec): string {
  const nodes = Object.keys(models).filter((node) => {
    return models[node]?.backend === "remote" && models[node].cost === undefined;
  });
  return nodes.length === 0 ? "" : `; ${nodes.join(", ")}: round trip to where it is served`;
}

/** Which costs are not measured, but what the plugin says. */
function statedNote({ models, costUnit = MILLISECONDS }: PairSpec): string {
  const nodes = Object.keys(models).filter((node) => models[node]?.cost !== undefined);
  return nodes.length === 0 ? "" : `; ${nodes.join(", ")}: stated, in ${costUnit}`;
}

function ofEach<T>(nodes: readonly string[], value: (node: string) => T): Record<string, T> {
  return Object.fromEntries(nodes.map((node) => [node, value(node)]));
}

/** Where a plugin has code of its own, nobody knows what answers depend on: there it begins anew. */
async function keptAnswers(pair: PairSpec, work: URL, key: string): Promise<URL> {
  if (!hasCode(pair)) return new URL(`${pair.name}-${key}.f32`, work);
  const file = new URL(`${pair.name}-code.f32`, work);
  await ifThere(Deno.remove(file));
  return file;
}

/** Names what the answers depend on: the runtime, the models, how they are fed, the data. */
function keyOf(
  { input, image, models, graph, labels }: PairSpec,
  hashes: Readonly<Record<string, string>>,
  { fingerprint }: Examples,
): string {
  const all = [runtimeVersion(), input, image, models, graph, labels, hashes, fingerprint];
  return sha256(JSON.stringify(all)).slice(0, 16);
}

/** Name and version of the package that runs the models, as in its path. */
function runtimeVersion(): string {
  const path = import.meta.resolve("onnxruntime-web/wasm");
  return /onnxruntime-web@[^/]+/.exec(path)?.[0] ?? "onnxruntime-web";
}
