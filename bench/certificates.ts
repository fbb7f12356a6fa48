/**
 * Whether certificates keep their promise: learns a family on each trace, then draws calibration data
 * again and again, with replacement from rows that nothing was learned from, and counts how often
 * anything that was certified is wrong of those rows as a whole. A bound that is broken on purpose
 * shows that the count would tell. Takes trace files; unless given, those in `traces/`.
 *
 * ```
 * deno task bench:certificates
 * ```
 *
 * @module
 */

import {
  allowedFailures,
  countBroken,
  countDraws,
  seededRandom,
  upperBoundBinomial,
  upperBoundWsr,
} from "../policies/learn/stats/mod.ts";
import {
  certify,
  decodeTrace,
  fitFamily,
  isFew,
  type LossKind,
  lossOf,
  mean,
  runPoints,
  splitRows,
  type Trace,
} from "../policies/learn/mod.ts";
import { bindPolicy } from "../policies/mod.ts";
import { costRange } from "../policies/learn/certify/mod.ts";
import { syntheticTrace } from "../tests/harness/generators/traces.ts";
import { fail, round } from "../cli/shared/mod.ts";
import { report } from "./shared/report.ts";

const DRAWS = 400;
const DELTA = 0.05;
const ALPHAS = [0.005, 0.01, 0.02];
const POLICY_MS = 0.01;
const SEED = 1;

const rows: Record<string, unknown>[] = [];
let isKept = true;

/** Adds a row; `holds` is what is expected of the statement. */
function add(
  what: Record<string, unknown>,
  { promising, broken }: { promising?: number; broken: number },
  holds = true,
): void {
  const kept = broken <= allowedFailures(DELTA, DRAWS);
  if (kept !== holds) isKept = false;
  rows.push({
    ...what,
    promising: promising ?? DRAWS,
    broken,
    share: round(broken / DRAWS, 4),
    delta: DELTA,
    allowed: allowedFailures(DELTA, DRAWS),
    kept,
  });
  console.log(`${Object.values(what).join(", ")}: ${broken} of ${DRAWS} broken`);
}

function prove(trace: Trace, kind: LossKind): void {
  const { train, validation, calibration } = splitRows(trace, SEED);
  const family = fitFamily(trace, train, validation, {
    kind,
    policyClass: "logistic",
    combine: "last",
    targets: "labels",
    policyMs: POLICY_MS,
    seed: SEED,
  });
  const outcomes = runPoints(trace, calibration, bindPolicy(family, trace), {
    policyMs: POLICY_MS,
  });
  const losses = outcomes.map((outcome) => lossOf(trace, calibration, outcome, kind));
  const n = calibration.length;
  const base = { trace: trace.pair, loss: kind, points: outcomes.length, n };
  const draw = (alphas: readonly number[], delta: number) =>
    countBroken(losses, (drawn) => certify(drawn, kind, { alphas, delta }), {
      n,
      draws: DRAWS,
      random: seededRandom(SEED),
    });
  add({ ...base, statement: "risk", alphas: ALPHAS.join(" ") }, draw(ALPHAS, DELTA));
  // Promises are broken most often where a point is a little worse than its level.
  const [hardest] = losses.map(mean).filter((risk) => risk > 0.01).sort((a, b) => a - b);
  if (hardest === undefined) return;
  const edge = [hardest - 1e-6];
  const alphas = round(hardest, 5);
  add({ ...base, statement: "risk at the edge", alphas }, draw(edge, DELTA));
  add({ ...base, statement: "broken on purpose", alphas }, draw(edge, 0.5), false);

  if (kind !== "top1") return;
  const share = DELTA / outcomes.length;
  const [low, high] = costRange(trace, POLICY_MS);
  const costs = outcomes.map(({ cost }) => cost);
  const boundCost = (values: Float64Array) =>
    upperBoundWsr(values, share, { low: low - 1e-9, high: high + 1e-9 });
  add({ ...base, statement: "cost", alphas: "" }, drawBounds(costs, boundCost));
  const disagreement = outcomes.map((outcome) => {
    return lossOf(trace, calibration, outcome, "consistency");
  });
  const boundRate = (values: Float64Array) =>
    upperBoundBinomial(Math.round(mean(values) * n), n, share);
  add({ ...base, statement: "disagreement", alphas: "" }, drawBounds(disagreement, boundRate));
}

/** Draws in which the bound of any point is below its mean. */
function drawBounds(
  population: readonly Float64Array[],
  boundOf: (values: Float64Array) => number,
): { broken: number } {
  const means = population.map(mean);
  const n = population[0]?.length ?? 0;
  const options = { n, draws: DRAWS, random: seededRandom(SEED) };
  return {
    broken: countDraws(population, (drawn) => {
      return drawn.some((values, index) => boundOf(values) < (means[index] as number) - 1e-12);
    }, options),
  };
}

/** Paths of the traces that ship. */
function findTraces(): string[] {
  return [...Deno.readDirSync("traces")].map(({ name }) => `traces/${name}`)
    .filter((path) => path.endsWith(".npz"))
    .sort();
}

const paths = Deno.args.length > 0 ? Deno.args : findTraces();
// Small traces are learned from in another way, and certified by the same functions.
const traces = paths.map((path) => decodeTrace(Deno.readFileSync(path), path))
  .filter((trace) => !isFew(trace));
for (const trace of [syntheticTrace({ count: 6000 }), ...traces]) {
  for (const kind of ["top1", "signed"] as const) prove(trace, kind);
}
await report("certificates", rows);
if (!isKept) fail("A promise was broken too often, or a broken bound was not found out");
