import { chooseFamily } from "./fit/choose.ts";
import { CERTIFIED_LEVELS, type LearnPlan, type PlanOptions } from "./plan.ts";
import { lookAtPoints, pickWithin } from "./replay/pick.ts";
import { splitRows } from "./replay/split.ts";
import type { Trace } from "./trace/types.ts";

/**
 * Plans learning from many examples: four parts, one each for fitting, choosing, proving and
 * reporting. What serves has been proved.
 *
 * @param trace The trace.
 * @param options See {@linkcode PlanOptions}.
 * @returns The plan.
 * @throws {RangeError} If a part would have too few rows.
 */
export function planMany(trace: Trace, options: PlanOptions): LearnPlan {
  const { kind, seed, policyMs, policyClasses, combines, onFit } = options;
  const split = splitRows(trace, seed);
  const shared = { kind, seed, policyMs, policyClasses, combines, onFit };
  return {
    split,
    levels: CERTIFIED_LEVELS,
    priceRows: split.validation,
    choose: () => chooseFamily(trace, split.train, split.validation, shared),
    foresee({ document }) {
      const rows = Int32Array.from([...split.validation, ...split.calibration]).sort();
      const points = lookAtPoints(trace, document, rows, { kind, policyMs });
      return {
        within: (losses) => pickWithin(trace, points, losses),
        ruleFor: (maxLoss) => ({ by: "loss", maxLoss }),
      };
    },
  };
}
