import { Registry as PromRegistry } from "prom-client";
import type { Inference, LoadedPair, Registry, ServerEvent } from "../../registry/mod.ts";
import type { AnsweredRequest } from "../../routes/mod.ts";
import { baseUnit } from "./base_unit.ts";
import { beginAtZero, counters, isCountedApart } from "./counters.ts";
import { collectPairs, pairGauges } from "./pair_gauges.ts";
import { collectProcess, processGauges } from "./process_gauges.ts";

/**
 * Counts what the server does, for Prometheus. Labels are bounded: pairs, nodes and routes of this
 * server, never versions of policies (but for one gauge, which forgets old ones), ids or paths.
 */
export class Metrics {
  readonly #registry = new PromRegistry();
  readonly #metrics = counters(this.#registry);
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
    if (!isCountedApart(kind)) this.#metrics.events.inc({ kind });
  }

  /** All metrics in Prometheus' text format. */
  async text(): Promise<string> {
    const [pairs, process] = this.#gauges;
    collectProcess(process);
    if (this.#served) collectPairs(pairs, this.#served);
    beginAtZero(this.#metrics, this.#served?.list().flatMap(({ loaded }) => loaded ?? []) ?? []);
    return await this.#registry.metrics();
  }
}
