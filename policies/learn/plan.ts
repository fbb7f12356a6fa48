import type { ActivationRule } from "./activate.ts";
import type { Validated } from "./few.ts";
import type { ChooseOptions, Chosen } from "./fit/choose.ts";
import type { Split } from "./replay/split.ts";

/** Options of a {@linkcode LearnPlan}. */
export interface PlanOptions
  extends
    Pick<ChooseOptions, "kind" | "seed" | "policyMs" | "policyClasses" | "combines" | "onFit"> {
  /** Told after every fold of cross-validation how many are done, and how many there are to be. */
  readonly onFold?: ((done: number, of: number) => void) | undefined;
  /** Told of every step. */
  readonly onStep?: ((step: string) => void) | undefined;
}

/** The losses that are certified beside the one that is asked for, whatever the plan. */
export const CERTIFIED_LEVELS: readonly number[] = [0.005, 0.01, 0.02];

/** The steps of learning that are taken in one way with many examples and in another with few. */
export interface LearnPlan {
  /** The rows by what they serve for. */
  readonly split: Split;
  /** Mean losses that are certified, whatever is asked for; ascending. */
  readonly levels: readonly number[];
  /** Rows on which a price of loss chooses the point that serves; none of the test. */
  readonly priceRows: Int32Array;
  /** Learns families and chooses one. */
  choose(): Chosen;
  /**
   * Looks ahead at what the points of the chosen family will do on inputs that nobody has seen.
   *
   * @param chosen What {@linkcode LearnPlan.choose} gave.
   */
  foresee(chosen: Chosen): Foresight;
}

/** What the points of a family will do on inputs that nobody has seen. */
export interface Foresight {
  /**
   * Picks the cheapest point that will stay within each of several losses.
   *
   * @returns Indices of points, one per loss; −1 where no point will.
   */
  within(losses: readonly number[]): readonly number[];
  /** What decides which point serves where a loss is all that is asked for. */
  ruleFor(maxLoss: number): ActivationRule;
  /** What cross-validation says, where it was asked. */
  readonly validated?: Validated | undefined;
}
