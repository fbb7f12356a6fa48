import {
  alwaysSelector,
  type BoundPolicy,
  compileSelector,
  dryRun,
  type PointPaths,
  type Selector,
} from "../../policies/mod.ts";
import { type Graph, requiredPath } from "../pair/graph_inputs.ts";
import { inputShape } from "../pair/input_shape.ts";
import { walkBatch } from "../walk/walk.ts";
import type { RunNode } from "../walk/walk_plan.ts";
import type { Backends } from "../base/backend.ts";
import { medianCosts } from "./measure.ts";
import { blameInput, nodeInputs } from "./node_inputs.ts";
import { type OpenModelInfo, type OpenModels, openModels } from "./open_models.ts";
import type {
  LoadRequest,
  MeasureRequest,
  PolicyChoice,
  PolicyRequest,
  RunReply,
  RunRequest,
  RunWatch,
  TryRequest,
} from "./requests.ts";
import { Recorder } from "./recorder.ts";
import { SessionCache } from "./session_cache.ts";

/** A pair that is loaded. */
interface Loaded {
  readonly models: OpenModels;
  readonly recorder: Recorder;
}

/** A policy that is known, and what its points have been compiled to. */
interface Known {
  readonly policy: BoundPolicy;
  readonly selectors: Map<string, Selector>;
}

/**
 * Keeps the sessions of all pairs and answers requests on the thread that it lives in. Every method
 * takes one argument and returns a promise, so that it can be called across a worker's boundary.
 */
export class Engine {
  readonly #sessions: SessionCache;
  readonly #pairs = new Map<string, Loaded>();
  readonly #policies = new Map<string, Known>();

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
    const models = await openModels(this.#sessions, request);
    await this.unload(request.pair.name);
    this.#pairs.set(request.pair.name, { models, recorder: new Recorder() });
    return models.infos;
  }

  /** Frees a pair's models; does nothing if the pair is not loaded. */
  async unload(name: string): Promise<void> {
    const loaded = this.#pairs.get(name);
    this.#pairs.delete(name);
    await loaded?.models.release();
  }

  /** Median milliseconds of every node at batch 1, warm; without those that are not available. */
  measure(name: string): Promise<Record<string, number>> {
    return this.#measure(name, () => true);
  }

  /** As {@linkcode measure}, of one node; nothing if it is not available. */
  async measureNode({ pair, node }: MeasureRequest): Promise<Record<string, number>> {
    await this.#loaded(pair).models.wake();
    return await this.#measure(pair, (other) => other === node);
  }

  /**
   * Tries a policy on what the networks have answered lately, and to patterns; nothing changes.
   *
   * @returns What each operating point did.
   * @throws {PolicyError} At stage `dry_run`.
   */
  async tryPolicy({ pair: name, policy }: TryRequest): Promise<PointPaths[]> {
    const { models: { pair, plan, run }, recorder } = this.#loaded(name);
    return dryRun(policy, await recorder.evidence(plan, (node) => inputShape(pair, node), run));
  }

  /** Makes a policy known under its id. */
  setPolicy({ id, policy }: PolicyRequest): Promise<void> {
    this.#policies.set(id, { policy, selectors: new Map() });
    return Promise.resolve();
  }

  /** Forgets a policy. */
  dropPolicy(id: string): Promise<void> {
    this.#policies.delete(id);
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
    const { models, recorder } = this.#loaded(request.pair);
    // Not awaited: what was away is asked beside the requests.
    models.wake();
    const { pair, plan, batching } = models;
    const selector = recorder.watch(this.#selector(request.policy, plan.graph));

    const started = performance.now();
    const inputs = await nodeInputs(pair, request.input);
    const decodeMs = request.input.kind === "image" ? performance.now() - started : 0;
    const run = watch ? telling(models, watch) : models.run;
    const options = { run, batching, degrade: !request.strict };
    const items = await walkBatch(plan, inputs, selector, options)
      .catch((error) => Promise.reject(blameInput(error, request.input)));
    return { items, decodeMs };
  }

  #measure(name: string, only: (node: string) => boolean): Promise<Record<string, number>> {
    const { pair, plan, run, infos } = this.#loaded(name).models;
    const isElsewhere = (node: string) => infos[node]?.served.backend === "remote";
    return medianCosts(plan, (node) => inputShape(pair, node), run, { only, isElsewhere });
  }

  #selector(policy: PolicyChoice, graph: Graph): Selector {
    if ("always" in policy) return alwaysSelector(requiredPath(graph, policy.always));
    const known = this.#policies.get(policy.id);
    if (!known) throw new Error(`Cannot find policy ${policy.id}`);
    let selector = known.selectors.get(policy.point);
    if (!selector) {
      selector = compileSelector(known.policy, policy.point);
      known.selectors.set(policy.point, selector);
    }
    return selector;
  }

  #loaded(name: string): Loaded {
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
