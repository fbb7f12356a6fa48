import { type Context, context, type Span, trace } from "@opentelemetry/api";
import type { Inference, ServerEvent } from "../../registry/mod.ts";
import type { AnsweredRequest } from "../../routes/mod.ts";

/**
 * Names the span of the HTTP request by its route, as the conventions of OpenTelemetry ask for
 * (semantic conventions for HTTP spans, `http.route`).
 */
export function nameRequestSpan({ method, route, id, problem }: AnsweredRequest): void {
  const span = trace.getActiveSpan();
  if (!span?.isRecording()) return;
  span.updateName(`${method} ${route}`);
  span.setAttributes({
    "http.route": route,
    "sluice.request_id": id,
    ...(problem !== undefined && { "sluice.problem": problem }),
  });
}

/** Makes a span without length of a change of a policy: in the trace of the request that made it, if one did. */
export function traceEvent({ kind, pair, policy = "", about = "" }: ServerEvent): void {
  if (kind !== "policy_swapped") return;
  const attributes = { "sluice.pair": pair ?? "", "sluice.policy": policy, "sluice.change": about };
  addSpan(`swap ${pair}`, { begin: performance.timeOrigin + performance.now(), ms: 0, attributes });
}

/**
 * Makes the spans of an answer: one for the pair, below it the queue, the decoding and every node. They are
 * made when it is done, from what was measured in the worker: the nodes one after the other, up to the end.
 * Where nobody records, nothing is done.
 *
 * @param inference The answer, just made.
 */
export function traceInference(inference: Inference): void {
  const parent = trace.getActiveSpan();
  if (!parent?.isRecording()) return;
  const { pair: { spec, graph, costs }, policy, items, totalMs, waitMs, decodeMs } = inference;
  const end = performance.timeOrigin + performance.now();
  const begin = end - totalMs;
  const [first] = items;
  const span = startSpan(`infer ${spec.name}`, begin, {
    "sluice.pair": spec.name,
    "sluice.policy": policy.name,
    "sluice.items": items.length,
    "sluice.cost": items.reduce((total, { cost }) => total + cost, 0),
    "sluice.cost_unit": costs.unit,
    ...(policy.operatingPoint !== null && { "sluice.operating_point": policy.operatingPoint }),
    ...(items.length === 1 && first && {
      "sluice.path": [...first.path],
      "sluice.exit": first.exit,
    }),
  });
  const inside = trace.setSpan(context.active(), span);
  addSpan("queue", { begin, ms: waitMs, inside });
  if (decodeMs > 0) addSpan("decode", { begin: begin + waitMs, ms: decodeMs, inside });
  const spent = timesOf(inference);
  let at = end - [...spent.values()].reduce((sum, { ms }) => sum + ms, 0);
  for (const node of graph.nodes) {
    const time = spent.get(node);
    if (!time) continue;
    const attributes = {
      "sluice.pair": spec.name,
      "sluice.node": node,
      "sluice.items": time.items,
    };
    addSpan(`node ${node}`, { begin: at, ms: time.ms, attributes, inside });
    at += time.ms;
  }
  span.end(end);
}

/** By node, how long it ran for all items together, and for how many. */
function timesOf({ items }: Inference): Map<string, { ms: number; items: number }> {
  const times = new Map<string, { ms: number; items: number }>();
  for (const { node, ms } of items.flatMap((item) => item.nodes)) {
    const before = times.get(node) ?? { ms: 0, items: 0 };
    times.set(node, { ms: before.ms + ms, items: before.items + 1 });
  }
  return times;
}

type Attributes = Readonly<Record<string, string | number | string[]>>;

function startSpan(
  name: string,
  startTime: number,
  attributes: Attributes,
  inside: Context = context.active(),
): Span {
  return trace.getTracer("sluice").startSpan(name, { startTime, attributes }, inside);
}

function addSpan(
  name: string,
  { begin, ms, attributes = {}, inside }: {
    readonly begin: number;
    readonly ms: number;
    readonly attributes?: Attributes;
    readonly inside?: Context;
  },
): void {
  startSpan(name, begin, attributes, inside).end(begin + ms);
}
