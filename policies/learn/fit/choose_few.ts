import type { PointMeans } from "../replay/levels.ts";
import type { CombineKind } from "../trace/types.ts";
import type { Bench } from "./bench.ts";
import { chooseFrom, type ChooseOptions, type Chosen } from "./choose.ts";
import type { PolicyClass } from "./scores.ts";

/**
 * What is learned where examples are too few to tell classes apart: the paper's logistic regression,
 * which sees whether nodes agree, over an ensemble of the answers that are paid for already.
 */
const FEW_CLASSES: readonly PolicyClass[] = ["logistic"];
const FEW_COMBINES: readonly CombineKind[] = ["learned"];

/**
 * Learns a family from few examples: everything is chosen by scores out of fold.
 *
 * @param bench The training rows; no others.
 * @param options See {@linkcode ChooseOptions}; fewer classes and ways to combine unless given.
 * @returns The family, and what it was chosen from.
 * @throws {TypeError} If the loss needs labels and the trace has none.
 */
export function chooseFew(bench: Bench, options: ChooseOptions): Chosen {
  const { policyClasses = FEW_CLASSES, combines = FEW_COMBINES } = options;
  return chooseFrom(bench, { ...options, policyClasses, combines });
}

/**
 * What the points of a family are expected to cost and lose.
 *
 * @param chosen The family.
 * @returns Milliseconds and loss, one entry per point. The loss is the mean of that by the labels and
 * the softened one, which halves its noise.
 */
export function expectPoints({ document, softenedLoss }: Chosen): PointMeans[] {
  return document.points.map(({ expected }, index): PointMeans => ({
    cost: expected?.cost ?? NaN,
    loss: ((expected?.loss ?? NaN) + (softenedLoss[index] as number)) / 2,
    error: 0,
  }));
}
