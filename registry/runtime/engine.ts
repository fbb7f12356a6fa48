import {
  alwaysSelector,
  compileSelector,
  dryRun,
  type PointPaths,
  type Selector,
} from "../../policies/mod.ts";
import { InvalidInputError, NotFiniteError } from "../base/errors.ts";
import { type Graph, requiredPath } from "../pair/graph_inputs.ts";
import { decodeImage, ImageError, type Pixels, rawPixels } from "../input/image/mod.ts";
import type { PairSpec } from "../pair/pair_spec.ts";
import { inputShape } from "../pair/input_shape.ts";
import type { Tensor } from "../base/tensor.ts";
import { walkBatch } from "../walk/walk.ts";
import type { NodeInput, RunNode } from "../walk/walk_plan.ts";
import type { Backends } from "../base/backend.ts";
import { imageInput } from "../input/image_input.ts";
import { medianCosts } from "./measure.ts";
import { type OpenModelInfo, type OpenModels, openModels } from "./open_models.ts";
import type {
  LoadRequest,
  MeasureRequest,
  PolicyChoice,
  PolicyRequest,
  RequestInput,
  RunReply,
  RunRequest,
  RunWatch,
  TryRequest,
} from "./requests.ts";
import { Recorder } from "./recorder.ts";
import { SessionCache } from "./session_cache.ts";

/**
 * Holds the sessions of all pairs and answers requests on the thread that it lives in. Every method
 * takes one argument and returns a promise, so that it can be called across a worker's boundary.
 */
export class Engine {
  readonly #sessions: SessionCache;
  readonly #pairs = new Map<string, OpenModels & { readonly recorder: Recorder }>();
  readonly #policies = new Map<string, PolicyRequest>();
  readonly #selectors = new Map<string, Selector>();

  /** An engine without pairs. */
  constructor(backends: Backends) {
    this.#sessions = new SessionCache(backends);
  }

  /**
   * Loads a pair's models and checks them against the pair.
   *
   * @returns Inputs and outputs of every model and what runs it, by node.
   * @throws {PluginError} If a model cannot be loaded or does not fit; nothing stays loaded.
   */
  async load(request: LoadRequest): Promise<Readonly<Record<string, OpenModelInfo>>> {
    const opened = await openModels(this.#sessions, request);
    await this.unload(request.pair.name);
    this.#pairs.set(request.pair.name, Object.assign(opened, { recorder: new Recorder() }));
    return opened.infos;
  }

  /** Frees a pair's models; does nothing if the pair is not loaded. */
  async unload(name: string): Promise<void> {
    const loaded = this.#pairs.get(name);
    this.#pairs.delete(name);
    await loaded?.release();
  }

  /** Median milliseconds of every node at batch 1, warm; without those that are not available. */
  measure(name: string): Promise<Record<string, number>> {
    return this.#measure(name, () => true);
  }

  /** As {@linkcode measure}, of one node; nothing if it is not available. */
  async measureNode({ pair, node }: MeasureRequest): Promise<Record<string, number>> {
    await this.#loaded(pair).wake();
    return await this.#measure(pair, (other) => other === node);
  }

  /**
   * Tries a policy on what the networks have answered lately, and to patterns; nothing changes.
   *
   * @returns What each operating point did.
   * @throws {PolicyError} At stage `dry_run`.
   */
  async tryPolicy({ pair: name, policy }: TryRequest): Promise<PointPaths[]> {
    const { pair, plan, run, recorder } = this.#loaded(name);
    return dryRun(policy, await recorder.evidence(plan, (node) => inputShape(pair, node), run));
  }

  /** Makes a policy known under its id. */
  async setPolicy(request: PolicyRequest): Promise<void> {
    await this.dropPolicy(request.id);
    this.#policies.set(request.id, request);
  }

  /** Forgets a policy. */
  dropPolicy(id: string): Promise<void> {
    this.#policies.delete(id);
    for (const key of this.#selectors.keys()) {
      if (key.startsWith(`${id}/`)) this.#selectors.delete(key);
    }
    return Promise.resolve();
  }

  /**
   * Answers one request. Others may run while it waits for a model elsewhere.
   *
   * @param request The request.
   * @param watch Is told when it waits.
   * @throws {InvalidInputError} If the image cannot be decoded or is too large, or a tensor is too much
   * for a network.
   * @throws {NodeUnavailableError} If a node is not available and the request is strict, or nothing else
   * can answer.
   */
  async run(request: RunRequest, watch?: RunWatch): Promise<RunReply> {
    const loaded = this.#loaded(request.pair);
    // Not awaited: what was away is asked beside the requests.
    loaded.wake();
    const { pair, plan, recorder } = loaded;
    const selector = recorder.watch(this.#selector(request.policy, plan.graph));

    const started = performance.now();
    const inputs = await this.#inputs(pair, request.input);
    const decodeMs = request.input.kind === "image" ? performance.now() - started : 0;
    const run = watch ? telling(loaded, watch) : loaded.run;
    const options = { degrade: !request.strict };
    const items = await walkBatch(plan, inputs, selector, run, options)
      .catch((error) => Promise.reject(blameInput(error, request.input)));
    return { items, decodeMs };
  }

  #measure(name: string, only: (node: string) => boolean): Promise<Record<string, number>> {
    const { pair, plan, run, infos } = this.#loaded(name);
    const isElsewhere = (node: string) => infos[node]?.served.backend === "remote";
    return medianCosts(plan, (node) => inputShape(pair, node), run, { only, isElsewhere });
  }

  async #inputs(
    pair: PairSpec,
    input: RequestInput,
  ): Promise<NodeInput[]> {
    if (input.kind === "image") {
      const pixels = await decode(input.bytes, input.maxPixels);
      return [imageInput(pair, () => pixels)];
    }
    const length = input.data.length / input.count;
    return Array.from({ length: input.count }, (_, index) => {
      const [start, end] = [index * length, (index + 1) * length];
      if (input.kind === "pixels") {
        return imageInput(pair, () => rawPixels(input.data.subarray(start, end), input));
      }
      const data = input.data.subarray(start, end);
      const tensor: Tensor = { datatype: "FP32", shape: [1, ...pair.input.shape], data };
      return () => Promise.resolve(tensor);
    });
  }

  #selector(policy: PolicyChoice, graph: Graph): Selector {
    if ("always" in policy) return alwaysSelector(requiredPath(graph, policy.always));
    const key = `${policy.id}/${policy.point}`;
    let selector = this.#selectors.get(key);
    if (!selector) {
      const known = this.#policies.get(policy.id);
      if (!known) throw new Error(`Cannot find policy ${policy.id}`);
      selector = compileSelector(known.policy, policy.point);
      this.#selectors.set(key, selector);
    }
    return selector;
  }

  #loaded(name: string): OpenModels & { readonly recorder: Recorder } {
    const loaded = this.#pairs.get(name);
    if (!loaded) throw new Error(`Cannot find pair ${name} in this worker`);
    return loaded;
  }
}

/** Tells when a node is run that is elsewhere, which leaves this thread to others. */
function telling({ run, infos }: OpenModels, { onWait }: RunWatch): RunNode {
  return async (node, feeds) => {
    if (infos[node]?.served.backend !== "remote") return await run(node, feeds);
    onWait(true);
    try {
      return await run(node, feeds);
    } finally {
      onWait(false);
    }
  };
}

/** Numbers from a request can be too much for a network; those of an image never are. */
function blameInput(error: unknown, { kind }: RequestInput): unknown {
  if (kind !== "tensor" || !(error instanceof NotFiniteError)) return error;
  const reason =
    `is too much for ${error.node}, whose answer is not finite; expected smaller numbers`;
  return new InvalidInputError("data", reason);
}

async function decode(bytes: Uint8Array, maxPixels: number): Promise<Pixels> {
  try {
    return await decodeImage(bytes, { maxPixels });
  } catch (error) {
    if (error instanceof ImageError) throw new InvalidInputError("image", error.message);
    throw error;
  }
}
