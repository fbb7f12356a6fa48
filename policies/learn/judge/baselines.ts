import type { Decider, PolicyDocument } from "../../document.ts";
import { START, stateKey } from "../../base/evidence.ts";
import { mean } from "../stats/bootstrap.ts";
import { lowerHull } from "./curve.ts";
import {
  alwaysMethod,
  documentMethod,
  type Exit,
  type Judged,
  type Method,
} from "../replay/judged.ts";
import { type Metric, METRICS } from "../replay/metrics.ts";
import type { Trace } from "../trace/types.ts";

/** Steps of the coin of {@linkcode randomMixMethod} between two nodes. */
const MIX_STEPS = 20;

/** Options of {@linkcode untunedMethods}. */
export interface UntunedOptions {
  /** The loss of the hull that random mixing draws from. */
  readonly metric: Metric;
  /** Milliseconds of each decision. */
  readonly policyMs: number;
}

/**
 * The baselines that have nothing to learn: agreement, random mixing, and every node alone.
 *
 * @param trace The trace.
 * @param choice Rows on which methods choose their setting.
 * @param options See {@linkcode UntunedOptions}.
 * @returns The methods, in the order of a report.
 */
export function untunedMethods(
  trace: Trace,
  choice: Int32Array,
  { metric, policyMs }: UntunedOptions,
): Method[] {
  const always = trace.nodes.map((node) => alwaysMethod(trace, node));
  return [agreementMethod(trace, policyMs), randomMixMethod(always, choice, metric), ...always];
}

/**
 * Exits as soon as two nodes that follow each other give the same answer; a setting for every path
 * of the graph.
 *
 * @param trace The trace.
 * @param policyMs Milliseconds of each decision.
 * @returns The method; without a setting if the full model is the only node.
 */
export function agreementMethod(trace: Trace, policyMs: number): Method {
  const methods = pathsToFull(trace).map((path) => {
    return documentMethod(trace, "agreement", agreementDocument(trace, path), policyMs);
  });
  return { id: "agreement", judge: (rows) => methods.flatMap((method) => method.judge(rows)) };
}

function pathsToFull(trace: Trace): string[][] {
  const paths: string[][] = [];
  const visit = (path: readonly string[]) => {
    const next = trace.successors[path.at(-1) ?? START] ?? [];
    if (next.length === 0 && path.length > 1) paths.push([...path]);
    for (const node of next) {
      if (trace.reads[node]?.every((read) => path.includes(read)) ?? true) visit([...path, node]);
    }
  };
  visit([]);
  return paths;
}

/** Goes along one path; from its second node on, exits where the last two answers agree. */
function agreementDocument(trace: Trace, path: readonly string[]): PolicyDocument {
  const deciders = path.map((next, index): [string, Decider] => {
    const decider: Decider = index < 2
      ? { class: "linear", actions: [next], features: [], mean: [], scale: [], scores: [] }
      : { class: "threshold", feature: "agreement", actions: ["exit", next] };
    return [stateKey(path.slice(0, index)), decider];
  });
  const settings = deciders.map(([key], index) => [key, { thresholds: index < 2 ? [] : [0.5] }]);
  const id = path.join("-");
  return {
    pair: trace.pair,
    models: trace.models,
    nodes: Object.fromEntries(deciders),
    points: [{ id, nodes: Object.fromEntries(settings) }],
    active: id,
    provenance: { method: "baseline" },
  };
}

/**
 * Tosses a coin between two nodes that are always run: the lower hull of cost and loss of
 * {@linkcode alwaysMethod}, drawn on the rows on which methods choose their setting.
 *
 * @param always The methods that always answer with one node.
 * @param rows Rows on which the hull is drawn.
 * @param metric The loss of the hull.
 * @returns The method; what it does on a row is the expectation over the coin.
 */
export function randomMixMethod(
  always: readonly Method[],
  rows: Int32Array,
  metric: Metric,
): Method {
  const ids = lowerHull(
    always.flatMap((method) => method.judge(rows)).map((setting) => ({
      id: setting.id,
      cost: mean(setting.cost),
      loss: mean(setting.loss[metric] as Float64Array),
    })),
  ).map(({ id }) => id);
  const judge = (given: Int32Array) => {
    const settings = always.flatMap((method) => method.judge(given));
    const corners = ids.flatMap((id) => settings.find((setting) => setting.id === id) ?? []);
    return corners.flatMap((cheap, index) => {
      const dear = corners[index + 1];
      if (!dear) return [cheap];
      return Array.from({ length: MIX_STEPS }, (_, step) => {
        const share = step / MIX_STEPS;
        return { id: `${cheap.id}-${dear.id}-${share}`, ...mix(cheap, dear, share) };
      });
    });
  };
  return { id: "random_mix", judge };
}

/** The expectation of taking `b` with a chance of `share`, else `a`. */
function mix(a: Judged, b: Judged, share: number): Judged {
  const blend = (x: number, y: number) => (1 - share) * x + share * y;
  const blendAll = (x: Float64Array, y: Float64Array) => {
    return x.map((value, index) => blend(value, y[index] as number));
  };
  const metrics = Object.keys(METRICS) as Metric[];
  const losses = metrics.flatMap((metric) => {
    const [x, y] = [a.loss[metric], b.loss[metric]];
    return x && y ? [[metric, blendAll(x, y)]] : [];
  });
  const exits = a.exits.map((exit, index): Exit => {
    const other = b.exits[index] as Exit;
    const total = blend(exit.share, other.share);
    const wrong = blend(exit.share * (exit.error ?? 0), other.share * (other.error ?? 0));
    const known = exit.error !== null || other.error !== null;
    return { node: exit.node, share: total, error: known && total > 0 ? wrong / total : null };
  });
  return { cost: blendAll(a.cost, b.cost), loss: Object.fromEntries(losses), exits };
}
