import type { PolicyDocument } from "../../document.ts";
import { mean } from "../stats/bootstrap.ts";
import { chooseFrom, type ChooseOptions, type Considered } from "../fit/choose.ts";
import {
  type Bench,
  fitCandidate,
  type FitOptions,
  prepareBench,
  writeDocument,
} from "../fit/fit.ts";
import { dealFolds } from "../stats/folds.ts";
import { documentMethod, type Exit, type Judged, type JudgedSetting } from "../replay/judged.ts";
import type { JudgedMethod, JudgedPoint, PointMeans } from "../replay/levels.ts";
import { type Metric, metricsOf } from "../replay/metrics.ts";
import { pickWithin } from "../replay/pick.ts";
import type { PolicyClass } from "../fit/scores.ts";
import { thresholdFits } from "./threshold_baselines.ts";
import { allRows } from "../replay/simulate.ts";
import type { CombineKind, Trace } from "../trace/types.ts";

/**
 * The losses for which every method chooses a setting inside every fold. Finer than a report's levels,
 * as what is chosen for one loss comes to another on examples that were not seen.
 */
export const NOMINAL_LEVELS: readonly number[] = [
  ...Array.from({ length: 31 }, (_, step) => step / 1000),
  0.035,
  0.04,
  0.05,
];

/**
 * What is learned where examples are too few to tell classes apart: the paper's logistic regression,
 * which sees whether nodes agree, over a pool of the answers that are paid for already.
 */
const FEW_CLASSES: readonly PolicyClass[] = ["logistic"];
const FEW_COMBINES: readonly CombineKind[] = ["learned"];

/** Options of {@linkcode chooseFew}. */
export interface ChooseFewOptions
  extends Pick<ChooseOptions, "kind" | "policyClasses" | "combines" | "onFit"> {
  /** Seed of the fits. */
  readonly seed: number;
  /** Milliseconds of each decision. */
  readonly policyMs: number;
}

/** A family, and what its points are expected to cost and lose. */
export interface ChosenFew {
  /** The family. */
  readonly document: PolicyDocument;
  /** The families that were considered. */
  readonly considered: readonly Considered[];
  /** By point. The loss is the mean of that by the labels and the softened one, which halves its noise. */
  readonly candidates: readonly PointMeans[];
}

/**
 * Learns a family from few examples: everything is chosen by scores out of fold.
 *
 * @param bench The training rows; no others.
 * @param options See {@linkcode ChooseFewOptions}.
 * @returns The family.
 */
export function chooseFew(bench: Bench, options: ChooseFewOptions): ChosenFew {
  const { policyClasses = FEW_CLASSES, combines = FEW_COMBINES } = options;
  const own = { ...options, policyClasses, combines };
  const { document, considered, softenedLoss } = chooseFrom(bench, own);
  const candidates = document.points.map(({ expected }, index): PointMeans => ({
    cost: expected?.cost ?? NaN,
    loss: ((expected?.loss ?? NaN) + (softenedLoss[index] as number)) / 2,
    error: 0,
  }));
  return { document, considered, candidates };
}

/** Options of {@linkcode crossValidate}. */
export interface CrossValidateOptions extends Omit<ChooseFewOptions, "onFit"> {
  /** Number of parts, each left out once; 5 unless given. */
  readonly folds?: number | undefined;
  /** How often the examples are dealt anew; 3 unless given. */
  readonly repeats?: number | undefined;
  /** Is told after every fold how many are done, and how many there are to be. */
  readonly onFold?: ((done: number, of: number) => void) | undefined;
}

/** Number of folds and repeats unless given. */
export const CROSS_VALIDATION: { readonly folds: number; readonly repeats: number } = {
  folds: 5,
  repeats: 3,
};

/**
 * Judges how policies are learned, for traces that are too small to keep examples aside (Stone 1974,
 * Cross-validatory choice): a fold is left out, everything is learned, chosen and tuned on the others,
 * and only then followed on the fold, so that every example is judged by policies that have not seen
 * it. Repeated with the examples dealt anew; what an example costs and loses is averaged.
 *
 * @param trace The trace.
 * @param options See {@linkcode CrossValidateOptions}.
 * @returns The learned policy under the name `learned`, and every threshold; one point for each of
 * {@linkcode NOMINAL_LEVELS}, named by it, its arrays in the order of the trace's rows.
 */
export function crossValidate(trace: Trace, options: CrossValidateOptions): JudgedMethod[] {
  const { kind, seed, policyMs, onFold = () => {} } = options;
  const { folds = CROSS_VALIDATION.folds, repeats = CROSS_VALIDATION.repeats } = options;
  const rows = allRows(trace);
  const collected = new Map<string, Collector[]>();
  for (let repeat = 0; repeat < repeats; repeat++) {
    const fold = dealFolds(rows.length, folds, seed + repeat);
    for (let leftOut = 0; leftOut < folds; leftOut++) {
      const bench = prepareBench(
        trace,
        rows.filter((row) => fold[row] !== leftOut),
        new Int32Array(),
      );
      const left = rows.filter((row) => fold[row] === leftOut);
      for (const family of learnAll(bench, { ...options, seed: seed + repeat })) {
        const { id } = family;
        const settings = settingsAt(trace, family, left, policyMs);
        const known = collected.get(id) ?? settings.map(() => collector(trace));
        collected.set(id, known);
        settings.forEach((setting, index) => known[index]?.add(left, setting));
      }
      onFold(repeat * folds + leftOut + 1, repeats * folds);
    }
  }
  return [...collected].map(([id, points]): JudgedMethod => ({
    id,
    points: points.map((point, index) => point.judged(`${NOMINAL_LEVELS[index]}`, repeats)),
  }));

  function learnAll(bench: Bench, own: CrossValidateOptions): Family[] {
    const { onFold: _, ...shared } = own;
    const thresholds = thresholdFits(trace, { kind, seed: own.seed, policyMs }).map(
      ([id, fit]: [string, FitOptions]): Family => {
        const document = writeDocument(bench, fitCandidate(bench, fit), fit);
        const candidates = document.points.map(({ expected }) => {
          return { cost: expected?.cost ?? NaN, loss: expected?.loss ?? NaN, error: 0 };
        });
        return { id, document, candidates };
      },
    );
    return [{ id: "learned", ...chooseFew(bench, shared) }, ...thresholds];
  }
}

/** A family with the name of its method. */
interface Family extends Pick<ChosenFew, "document" | "candidates"> {
  readonly id: string;
}

/** What a family's setting for every nominal loss does on rows; chosen by scores out of fold. */
function settingsAt(
  trace: Trace,
  { id, document, candidates }: Family,
  rows: Int32Array,
  policyMs: number,
): JudgedSetting[] {
  // Where no point is expected to stay within, the safest.
  const chosen = pickWithin(trace, candidates, NOMINAL_LEVELS).map((index) => Math.max(0, index));
  const kept = [...new Set(chosen)].toSorted((a, b) => a - b);
  const points = kept.map((index) => document.points[index] as PolicyDocument["points"][number]);
  const judged = documentMethod(trace, id, { ...document, points }, policyMs).judge(rows);
  return chosen.map((index) => judged[kept.indexOf(index)] as JudgedSetting);
}

interface Collector {
  add(rows: Int32Array, setting: JudgedSetting): void;
  judged(id: string, repeats: number): JudgedPoint;
}

/** Adds up what a setting does on rows of several folds and repeats. */
function collector(trace: Trace): Collector {
  const metrics = metricsOf(trace);
  const cost = new Float64Array(trace.count);
  const loss = metrics.map((metric) => [metric, new Float64Array(trace.count)] as const);
  const shares = trace.nodes.map(() => 0);
  const wrong = trace.nodes.map(() => 0);
  return {
    add(rows, setting) {
      rows.forEach((row, index) => {
        cost[row]! += setting.cost[index]!;
        for (const [metric, sums] of loss) sums[row]! += setting.loss[metric]![index]!;
      });
      setting.exits.forEach(({ share, error }, node) => {
        shares[node]! += share * rows.length;
        wrong[node]! += share * rows.length * (error ?? 0);
      });
    },
    judged(id, repeats) {
      const total = trace.count * repeats;
      const exits = trace.nodes.map((node, index): Exit => ({
        node,
        share: shares[index]! / total,
        error: trace.labels && shares[index]! > 0 ? wrong[index]! / shares[index]! : null,
      }));
      const test: Judged = {
        cost: cost.map((sum) => sum / repeats),
        loss: Object.fromEntries(
          loss.map(([metric, sums]) => [metric, sums.map((sum) => sum / repeats)]),
        ),
        exits,
      };
      const means = metrics.map((metric): [Metric, number] => {
        return [metric, mean(test.loss[metric] as Float64Array)];
      });
      return { id, choice: {}, test, cost: mean(test.cost), loss: Object.fromEntries(means) };
    },
  };
}
