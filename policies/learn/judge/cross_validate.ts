import type { PolicyDocument } from "../../document.ts";
import { type Bench, prepareBench } from "../fit/bench.ts";
import { fitCandidate } from "../fit/candidate.ts";
import type { ChooseOptions } from "../fit/choose.ts";
import { chooseFew, expectPoints } from "../fit/choose_few.ts";
import { writeDocument } from "../fit/fit.ts";
import { documentMethod, type JudgedSetting } from "../replay/judged.ts";
import type { JudgedMethod, PointMeans } from "../replay/levels.ts";
import { pickWithin } from "../replay/pick.ts";
import { allRows } from "../replay/simulate.ts";
import { dealFolds } from "../stats/folds.ts";
import type { Trace } from "../trace/types.ts";
import { averageSetting, type SettingAverage } from "./average_setting.ts";
import { thresholdFits } from "./threshold_baselines.ts";

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

/** Options of {@linkcode crossValidate}. */
export interface CrossValidateOptions
  extends Pick<ChooseOptions, "kind" | "seed" | "policyMs" | "policyClasses" | "combines"> {
  /**
   * Number of parts, each left out once.
   *
   * @default 5
   */
  readonly folds?: number | undefined;
  /**
   * How often the examples are dealt anew.
   *
   * @default 3
   */
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
  const { seed, policyMs, onFold = () => {} } = options;
  const { folds = CROSS_VALIDATION.folds, repeats = CROSS_VALIDATION.repeats } = options;
  const rows = allRows(trace);
  const averages = new Map<string, SettingAverage[]>();
  for (let repeat = 0; repeat < repeats; repeat++) {
    const fold = dealFolds(rows.length, folds, seed + repeat);
    for (let leftOut = 0; leftOut < folds; leftOut++) {
      const others = rows.filter((row) => fold[row] !== leftOut);
      const bench = prepareBench(trace, others, new Int32Array());
      const left = rows.filter((row) => fold[row] === leftOut);
      for (const method of learnAll(bench, { ...options, seed: seed + repeat })) {
        const settings = settingsAt(trace, method, left, policyMs);
        const known = averages.get(method.id) ?? settings.map(() => averageSetting(trace));
        averages.set(method.id, known);
        settings.forEach((setting, index) => known[index]?.add(left, setting));
      }
      onFold(repeat * folds + leftOut + 1, repeats * folds);
    }
  }
  return [...averages].map(([id, points]): JudgedMethod => ({
    id,
    points: points.map((point, index) => point.judged(`${NOMINAL_LEVELS[index]}`, repeats)),
  }));
}

/** A method learned without a fold. */
interface LearnedMethod {
  /** Name of the method. */
  readonly id: string;
  /** Its points, safest first. */
  readonly document: PolicyDocument;
  /** What each of them is expected to cost and lose. */
  readonly expected: readonly PointMeans[];
}

function learnAll(
  bench: Bench,
  { kind, seed, policyMs, policyClasses, combines }: CrossValidateOptions,
): LearnedMethod[] {
  const shared = { kind, seed, policyMs };
  const fits = thresholdFits(bench.train.trace, shared);
  const thresholds = fits.map(([id, fit]): LearnedMethod => {
    const document = writeDocument(bench, fitCandidate(bench, fit), fit);
    const expected = document.points.map(({ expected }) => {
      return { cost: expected?.cost ?? NaN, loss: expected?.loss ?? NaN, error: 0 };
    });
    return { id, document, expected };
  });
  const chosen = chooseFew(bench, { ...shared, policyClasses, combines });
  const { document } = chosen;
  return [{ id: "learned", document, expected: expectPoints(chosen) }, ...thresholds];
}

/** What a method's setting for every nominal loss does on rows; chosen by scores out of fold. */
function settingsAt(
  trace: Trace,
  { id, document, expected }: LearnedMethod,
  rows: Int32Array,
  policyMs: number,
): JudgedSetting[] {
  // Where no point is expected to stay within, the safest.
  const chosen = pickWithin(trace, expected, NOMINAL_LEVELS).map((index) => Math.max(0, index));
  const kept = [...new Set(chosen)].toSorted((a, b) => a - b);
  const points = kept.map((index) => document.points[index] as PolicyDocument["points"][number]);
  const judged = documentMethod(trace, id, { ...document, points }, policyMs).judge(rows);
  return chosen.map((index) => judged[kept.indexOf(index)] as JudgedSetting);
}
