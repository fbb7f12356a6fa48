import type { Registry as PromRegistry } from "prom-client";
import type { LoadedPair, Registry, RiskReport, VersionReport } from "../../registry/mod.ts";
import { baseUnit } from "./base_unit.ts";
import { metricKinds } from "./metric_kinds.ts";

/** Which versions of a pair are shown: those that serve. */
const ROLES = ["active", "canary"] as const;

/** Gauges that show the state of the pairs and the workers. */
export type PairGauges = ReturnType<typeof pairGauges>;

/**
 * Registers the gauges of pairs and workers.
 *
 * @param registry Where.
 * @returns The gauges.
 */
export function pairGauges(registry: PromRegistry) {
  const { gauge } = metricKinds(registry);
  const watched = ["pair", "role", "quantity"];
  return {
    workers: gauge("workers", "Workers", []),
    busy: gauge("workers_busy", "Workers that have something to do", []),
    waiting: gauge("queue_length", "Requests that wait for a worker", []),
    capacity: gauge("queue_capacity", "Requests that may wait", []),
    pairs: gauge("pairs", "Pairs by their state", ["status"]),
    info: gauge("policy_info", "1 for each policy that serves", [
      "pair",
      "role",
      "policy",
      "operating_point",
    ]),
    canaryShare: gauge("canary_share_ratio", "Share of the requests that the canary answers", [
      "pair",
    ]),
    nodeCost: gauge("node_cost", "Cost of a node, measured or stated", ["pair", "node", "unit"]),
    available: gauge(
      "node_available",
      "0 for a node that does not answer, because it is elsewhere",
      [
        "pair",
        "node",
      ],
    ),
    certified: gauge("risk_limit_ratio", "What is certified of the policy that serves", watched),
    rate: gauge("risk_ratio", "Rate over the inputs that were compared or labelled", watched),
    lower: gauge("risk_lower_ratio", "Lower end of the interval of the true rate", watched),
    upper: gauge("risk_upper_ratio", "Upper end of the interval of the true rate", watched),
    observed: gauge("risk_observations", "Observations behind the rate", watched),
    alarm: gauge("alarm_fired", "1 where the alarm has gone off", watched),
    shadow: gauge("shadow_inputs", "Inputs drawn for comparison, by what became of them", [
      "pair",
      "role",
      "outcome",
    ]),
    drifted: gauge("drift_detected", "1 where traffic does not look like the trace", [
      "pair",
      "role",
    ]),
  };
}

/**
 * Sets the gauges to what is so at this moment.
 *
 * @param gauges The gauges.
 * @param registry The pairs and workers.
 */
export function collectPairs(gauges: PairGauges, registry: Registry): void {
  for (const gauge of Object.values(gauges)) gauge.reset();
  const { workers, busy, waiting, capacity } = registry.stats;
  gauges.workers.set(workers);
  gauges.busy.set(busy);
  gauges.waiting.set(waiting);
  gauges.capacity.set(capacity);
  for (const status of ["loading", "ready", "failed"] as const) {
    gauges.pairs.set({ status }, registry.list().filter((entry) => entry.status === status).length);
  }
  for (const { loaded } of registry.list()) if (loaded) collectPair(gauges, loaded);
}

function collectPair(gauges: PairGauges, loaded: LoadedPair): void {
  const { spec, graph, costs, availability, live, monitor } = loaded;
  const pair = spec.name;
  const { unit, factor } = baseUnit(costs);
  for (const node of graph.nodes) {
    const cost = costs.of(node);
    if (cost !== undefined) gauges.nodeCost.set({ pair, node, unit }, cost * factor);
    gauges.available.set({ pair, node }, Number(availability.reason(node) === undefined));
  }
  const { name, operatingPoint } = live.snapshot;
  const canary = live.canarySnapshot;
  gauges.info.set({ pair, role: "active", policy: name, operating_point: operatingPoint ?? "" }, 1);
  if (canary) {
    gauges.info.set({ pair, role: "canary", policy: canary.name, operating_point: "" }, 1);
    gauges.canaryShare.set({ pair }, canary.share);
  }
  const versions = monitor.report();
  const serving = { active: name, canary: canary?.name };
  for (const role of ROLES) {
    const version = versions.find(({ policy }) => policy === serving[role]);
    if (version) collectVersion(gauges, { pair, role }, version);
  }
}

interface Place {
  readonly pair: string;
  readonly role: string;
}

function collectVersion(gauges: PairGauges, place: Place, version: VersionReport): void {
  const { disagreement, loss, fullShare, shadow, drift } = version;
  collectRisk(gauges, { ...place, quantity: "disagreement" }, disagreement);
  if (loss) collectRisk(gauges, { ...place, quantity: "loss" }, loss);
  if (fullShare) collectRisk(gauges, { ...place, quantity: "full_share" }, fullShare);
  for (const outcome of ["compared", "skipped", "missing"] as const) {
    gauges.shadow.set({ ...place, outcome }, shadow[outcome]);
  }
  if (drift) gauges.drifted.set({ ...place }, Number(drift.drifted));
}

function collectRisk(
  gauges: PairGauges,
  labels: Place & { readonly quantity: string },
  { n, rate, interval: [lower, upper], limit, alarm }: RiskReport,
): void {
  if (limit !== null) gauges.certified.set({ ...labels }, limit);
  if (rate !== null) gauges.rate.set({ ...labels }, rate);
  gauges.lower.set({ ...labels }, lower);
  gauges.upper.set({ ...labels }, upper);
  gauges.observed.set({ ...labels }, n);
  if (alarm) gauges.alarm.set({ ...labels }, Number(alarm.fired));
}
