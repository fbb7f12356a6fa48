/**
 * Learning families of policies: a score per decision, then the thresholds of all decisions jointly,
 * over a sweep of prices; and the choice between families.
 *
 * | policy class | how its scores are learned | source |
 * |---|---|---|
 * | `threshold` | one feature as it is | the baseline that everybody has |
 * | `logistic` | weighted logistic regression | Bolukbasi et al. 2017, section 4 |
 * | `trees` | boosted trees on the weighted logistic loss | Friedman 2001 |
 *
 * | what answers | source |
 * |---|---|
 * | `last`: the last node that ran | Bolukbasi et al. 2017 |
 * | `mean`: the mean of the probabilities of all that ran | Wang et al. 2021 |
 * | `learned`: a logarithmic opinion pool | Genest and Zidek 1986 |
 *
 * @example Thresholds on the margin, from safe to fast
 * ```ts
 * import { syntheticTrace } from "../../../tests/harness/generators/traces.ts";
 * import { allRows } from "../replay/mod.ts";
 * import { fitFamily } from "./mod.ts";
 * import { assert } from "@std/assert";
 *
 * const trace = syntheticTrace({ count: 1000 });
 * const rows = allRows(trace);
 * const { points } = fitFamily(trace, rows.subarray(0, 700), rows.subarray(700), {
 *   kind: "top1", policyClass: "threshold", feature: "margin", combine: "last", targets: "labels",
 *   seed: 1, policyMs: 0.01,
 * });
 * const [safest, fastest] = [points[0], points.at(-1)];
 * assert(safest!.expected!.cost > fastest!.expected!.cost);
 * ```
 *
 * @module
 */

export type { FitOptions } from "./candidate.ts";
export { chooseFamily, type ChooseOptions, type Chosen, type Considered } from "./choose.ts";
export { fitFamily } from "./fit.ts";
export { policyMsOf } from "./policy_ms.ts";
export { type LearnedClass, POLICY_CLASSES, type PolicyClass } from "./policy_classes.ts";
export type { Standing } from "./standing.ts";
