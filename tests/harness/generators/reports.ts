import type { PolicyDocument } from "../../../policies/mod.ts";
import { evaluate, type Report } from "../../../policies/learn/judge/mod.ts";
import { documentMethod, type Split } from "../../../policies/learn/replay/mod.ts";
import { randomParts, syntheticTrace } from "./traces.ts";
import type { Trace } from "../../../policies/learn/trace/mod.ts";

/** Milliseconds of a decision in {@linkcode sampleReport}. */
const POLICY_MS = 0.01;

/**
 * Thresholds of the margin, the same at both nodes, as a family.
 *
 * @param trace A trace of small → medium → large.
 * @param thresholds One per point, descending.
 * @returns The policy.
 */
function marginFamily(trace: Trace, thresholds: readonly number[]): PolicyDocument {
  const points = thresholds.map((threshold, index) => {
    const setting = { thresholds: [threshold] };
    return { id: `p${String(index).padStart(2, "0")}`, nodes: { small: setting, medium: setting } };
  });
  return {
    pair: trace.pair,
    models: trace.models,
    nodes: {
      small: { class: "threshold", feature: "margin", actions: ["exit", "medium"] },
      medium: { class: "threshold", feature: "margin", actions: ["exit", "large"] },
    },
    loss: "signed",
    points,
    active: "p01",
    provenance: { method: "learned: threshold", seed: 1 },
  };
}

/** An invented trace, its split and the report of a simple policy on it. */
export function sampleReport(
  change: (trace: Trace) => Trace = (trace) => trace,
): { readonly trace: Trace; readonly split: Split; readonly report: Report } {
  const trace = change(syntheticTrace({ count: 1200 }));
  const [train, validation, calibration, test] = randomParts(trace, [0.2, 0.3, 0.1, 0.4]);
  const split = { train, validation, calibration, test } as Split;
  const learned = marginFamily(trace, [2, 0.999, 0.99, 0.95, 0.8, 0.4]);
  const [safe, ...points] = learned.points;
  const certificate = {
    loss: "signed",
    alpha: 0.01,
    delta: 0.05,
    n: 120,
    risk: 0,
    bound: 0.009,
    method: "trinomial",
    split: "calibration",
  } as const;
  const document = {
    ...learned,
    loss: trace.labels ? learned.loss : "consistency" as const,
    certified: true,
    points: [{ ...safe!, certificates: [certificate] }, ...points],
  };
  const thresholds = [2, 0.999, 0.99, 0.97, 0.95, 0.9, 0.8, 0.6, 0.4];
  const baselines = ["last", "mean"].map((combine) => {
    const id = combine === "last" ? "threshold_margin" : "threshold_margin_pooled";
    const family = { ...marginFamily(trace, thresholds), combine: combine as "last" | "mean" };
    return documentMethod(trace, id, family, POLICY_MS);
  });
  const report = evaluate({ trace, split, document }, baselines, {
    seed: 1,
    policyMs: POLICY_MS,
    replicates: 200,
    hashes: { trace: "1".repeat(64), policy: "9".repeat(64) },
  });
  return { trace, split, report };
}
