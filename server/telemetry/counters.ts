import type { Registry as PromRegistry } from "prom-client";
import { POLICY_CHANGES } from "../../policies/stores/mod.ts";
import {
  EVENT_KINDS,
  type EventKind,
  type LoadedPair,
  POLICY_ROLES,
  QUANTITY_NAMES,
} from "../../registry/mod.ts";
import { PROBLEM_KINDS } from "../../routes/mod.ts";
import { baseUnit } from "./base_unit.ts";
import { type MetricKinds, metricKinds } from "./metric_kinds.ts";

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

/** Whether events of a kind have a counter of their own, with more to say of them. */
export function isCountedApart(kind: EventKind): boolean {
  return kind === "alarm" || kind === "policy_swapped";
}

/** What is counted as it happens. */
export type Counters = ReturnType<typeof counters>;

/**
 * Registers what is counted as it happens.
 *
 * @param registry Where.
 * @returns The counters and histograms.
 */
export function counters(registry: PromRegistry) {
  const kinds = metricKinds(registry);
  return { ...requestCounters(kinds), ...answerCounters(kinds), ...eventCounters(kinds) };
}

function requestCounters({ counter, histogram }: MetricKinds) {
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
  };
}

function answerCounters({ counter, gauge, histogram }: MetricKinds) {
  return {
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
    savedCost: gauge(
      "saved_cost",
      "Full cost less cost since the start; falls where all nodes run",
      ["pair", "unit"],
    ),
  };
}

function eventCounters({ counter }: MetricKinds) {
  return {
    swaps: counter("policy_swaps_total", "Versions of policies that began to serve", [
      "pair",
      "change",
    ]),
    alarms: counter("alarms_total", "Alarms that went off", ["pair", "quantity"]),
    events: counter("events_total", "What else happened, by kind", ["kind"]),
  };
}

/**
 * Shows every counter whose labels are known before anything has been counted. Prometheus does not see the
 * first event of a counter that begins at one: `increase()` needs a value before it.
 *
 * @param counters The counters; those that have counted are left as they are.
 * @param pairs The pairs that can be asked.
 */
export function beginAtZero(counters: Counters, pairs: readonly LoadedPair[]): void {
  const { problems, events } = counters;
  for (const { slug } of Object.values(PROBLEM_KINDS)) problems.inc({ type: slug }, 0);
  for (const kind of EVENT_KINDS) if (!isCountedApart(kind)) events.inc({ kind }, 0);
  for (const pair of pairs) beginPair(counters, pair);
}

function beginPair(counters: Counters, { spec: { name: pair }, graph, costs }: LoadedPair): void {
  const { inferences, exits, degraded, swaps, alarms, cost, fullCost } = counters;
  for (const role of POLICY_ROLES) {
    inferences.inc({ pair, role }, 0);
    for (const node of graph.nodes) exits.inc({ pair, node, role }, 0);
  }
  for (const node of graph.nodes) degraded.inc({ pair, node }, 0);
  for (const change of POLICY_CHANGES) swaps.inc({ pair, change }, 0);
  for (const quantity of Object.values(QUANTITY_NAMES)) alarms.inc({ pair, quantity }, 0);
  if (costs.full === undefined) return;
  const { unit } = baseUnit(costs);
  for (const total of [cost, fullCost]) total.inc({ pair, unit }, 0);
}
