import { validateFew } from "./few.ts";
import { prepareBench } from "./fit/bench.ts";
import { chooseFew, expectPoints } from "./fit/choose_few.ts";
import { CROSS_VALIDATION } from "./judge/cross_validate.ts";
import { CERTIFIED_LEVELS, type LearnPlan, type PlanOptions } from "./plan.ts";
import { pickWithin } from "./replay/pick.ts";
import { splitHalves } from "./replay/split.ts";
import type { Trace } from "./trace/types.ts";

/** What is certified beside, where examples are too few for less. */
const LENIENT_LEVELS = [0.03, 0.05];

/**
 * Plans learning from few examples: one half to learn from, the other to prove on. What serves is
 * expected to stay within the loss by cross-validation of everything that is done on the first half.
 *
 * @param trace The trace.
 * @param options See {@linkcode PlanOptions}.
 * @returns The plan.
 * @throws {RangeError} If a half would have too few rows.
 */
export function planFew(trace: Trace, options: PlanOptions): LearnPlan {
  const { kind, seed, policyMs, policyClasses, combines, onFold, onStep, onFit } = options;
  const split = splitHalves(trace, seed);
  const shared = { kind, seed, policyMs, policyClasses, combines };
  return {
    split,
    levels: [...CERTIFIED_LEVELS, ...LENIENT_LEVELS],
    priceRows: split.train,
    choose: () => {
      return chooseFew(prepareBench(trace, split.train, split.validation), { ...shared, onFit });
    },
    foresee(chosen) {
      const { folds, repeats } = CROSS_VALIDATION;
      onStep?.(`Cross-validating: ${folds} folds, ${repeats} times, everything learned in each`);
      const validated = validateFew(trace, { ...shared, onFold });
      const points = expectPoints(chosen);
      const within = (losses: readonly number[]) => {
        return pickWithin(trace, points, losses.map((loss) => validated.nominalFor(loss)));
      };
      return {
        within,
        ruleFor: (maxLoss) => ({ by: "expectation", maxLoss, index: within([maxLoss])[0] ?? -1 }),
        validated,
      };
    },
  };
}
