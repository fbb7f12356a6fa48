import { Counter, Gauge, Histogram, Registry as PromRegistry } from "prom-client";
import type { Inference, LoadedPair, Registry, ServerEvent } from "../../registry/mod.ts";
import type { AnsweredRequest } from "../../routes/mod.ts";
import { baseUnit } from "./base_unit.ts";
import { collectPairs, pairGauges } from "./pair_gauges.ts";
import { collectProcess, processGauges } from "./process_gauges.ts";

/** From a tiny network to the largest that one would serve, in seconds. */
const NODE_BUCKETS = [
  0.0001,
  0.00025,
  0.0005,
  0.001,
  0.0025,
  0.005,
  0.01,
  0.025,
  0.05,
  0.1,
  0.25,
  0.5,
  1,
  2.5,
];

const REQUEST_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Kinds of events that are counted elsewhere, with more to say of them. */
const COUNTED = ["alarm", "policy_swapped"];

/**
 * Counts what the server does, for Prometheus. Labels are bounded: pairs, nodes and routes of this
 * server, never versions of policies (but for one gauge, which forgets old ones), ids or paths.
 */
export class Metrics {
  readonly #registry = new PromRegistry();
  readonly #metrics = createMetrics(this.#registry);
  readonly #gauges = [pairGauges(this.#registry), processGauges(this.#registry)] as const;
  #served: Registry | undefined;

  /** Media type of {@linkcode text}. */
  readonly contentType: string = this.#registry.contentType;

  /** Shows the state of a registry from now on. */
  watch(registry: Registry): void {
    this.#served = registry;
  }

  /** Counts an HTTP request that was answered. */
  request({ method, route, status, seconds, problem }: AnsweredRequest): void {
    this.#metrics.requests.inc({ method, route, status });
    this.#metrics.requestSeconds.observe({ method, route }, seconds);
    if (problem !== undefined) this.#metrics.problems.inc({ type: problem });
  }

  /** Counts an answer of a pair. */
  inference({ pair, role, items, waitMs }: Inference): void {
    const { name } = pair.spec;
    const metrics = this.#metrics;
    metrics.inferences.inc({ pair: name, role });
    metrics.queueWait.observe(waitMs / 1000);
    for (const item of items) {
      metrics.exits.inc({ pair: name, node: item.exit, role });
      for (const { node, ms } of item.nodes) metrics.node.observe({ pair: name, node }, ms / 1000);
      if (item.degraded) metrics.degraded.inc({ pair: name, node: item.degraded.node });
      this.#count(pair, item.cost);
    }
  }

  /** Where the full model's cost is not known, nothing can be said of what was saved. */
  #count({ spec, costs }: LoadedPair, cost: number): void {
    if (costs.full === undefined) return;
    const { factor, unit } = baseUnit(costs);
    const labels = { pair: spec.name, unit };
    this.#metrics.cost.inc(labels, cost * factor);
    this.#metrics.fullCost.inc(labels, costs.full * factor);
    this.#metrics.savedCost.inc(labels, (costs.full - cost) * factor);
  }

  /** Counts what happened. */
  event({ kind, pair = "", about = "" }: ServerEvent): void {
    if (kind === "policy_swapped") this.#metrics.swaps.inc({ pair, change: about });
    if (kind === "alarm") this.#metrics.alarms.inc({ pair, quantity: about });
    if (!COUNTED.includes(kind)) this.#metrics.events.inc({ kind });
  }

  /** All metrics in Prometheus' text format. */
  async text(): Promise<string> {
    const [pairs, process] = this.#gauges;
    collectProcess(process);
    if (this.#served) collectPairs(pairs, this.#served);
    return await this.#registry.metrics();
  }
}

function createMetrics(registry: PromRegistry) {
  const counter = <T extends string>(name: string, help: string, labelNames: T[]) =>
    new Counter({ name: `sluice_${name}`, help, labelNames, registers: [registry] });
  const histogram = <T extends string>(
    name: string,
    help: string,
    { labelNames, buckets }: { labelNames: T[]; buckets: number[] },
  ) => new Histogram({ name: `sluice_${name}`, help, labelNames, buckets, registers: [registry] });
  return {
    requests: counter("http_requests_total", "HTTP requests that were answered", [
      "method",
      "route",
      "status",
    ]),
    requestSeconds: histogram("http_request_seconds", "Seconds from request to answer", {
      labelNames: ["method", "route"],
      buckets: REQUEST_BUCKETS,
    }),
    problems: counter("problems_total", "Answers that are problem documents, by their type", [
      "type",
    ]),
    inferences: counter("inferences_total", "Inference requests that a pair has answered", [
      "pair",
      "role",
    ]),
    exits: counter("exits_total", "Inputs by the node at which they exited", [
      "pair",
      "node",
      "role",
    ]),
    node: histogram("node_seconds", "Seconds that a node ran for an input", {
      labelNames: ["pair", "node"],
      buckets: NODE_BUCKETS,
    }),
    queueWait: histogram("queue_wait_seconds", "Seconds that inference requests waited", {
      labelNames: [],
      buckets: REQUEST_BUCKETS,
    }),
    degraded: counter("degraded_total", "Inputs answered without a node that was not available", [
      "pair",
      "node",
    ]),
    cost: counter("cost_total", "What the nodes that ran cost, in the pair's unit", [
      "pair",
      "unit",
    ]),
    fullCost: counter("full_cost_total", "What the full model would have cost instead", [
      "pair",
      "unit",
    ]),
    savedCost: new Gauge({
      name: "sluice_saved_cost",
      help: "Full cost less cost since the start; falls where all nodes run",
      labelNames: ["pair", "unit"],
      registers: [registry],
    }),
    swaps: counter("policy_swaps_total", "Versions of policies that began to serve", [
      "pair",
      "change",
    ]),
    alarms: counter("alarms_total", "Alarms that went off", ["pair", "quantity"]),
    events: counter("events_total", "What else happened, by kind", ["kind"]),
  };
}
