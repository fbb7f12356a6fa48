import { bindPolicy } from "../bind.ts";
import type { Combine, OperatingPoint, PolicyDocument } from "../document.ts";
import { LOSSES } from "../losses.ts";
import { activate, type ActivationRule, isProved } from "./activate.ts";
import { type Budget, checkBudget, costLimit, DEFAULT_MAX_LOSS } from "./budget.ts";
import { certifyFamily, type CertifyFamilyOptions } from "./certify/certify_family.ts";
import { isFew, type Validated } from "./few.ts";
import type { Considered } from "./fit/choose.ts";
import type { Foresight, LearnPlan, PlanOptions } from "./plan.ts";
import { planFew } from "./plan_few.ts";
import { planMany } from "./plan_many.ts";
import { costAlone } from "./replay/judged.ts";
import { LOSS_LEVELS } from "./replay/metrics.ts";
import { keepPicked, lookAtPoints } from "./replay/pick.ts";
import { confidenceOf, countExits } from "./replay/reference.ts";
import { runPoints } from "./replay/run_points.ts";
import { saySplit, type Split } from "./replay/split.ts";
import type { LossKind, Outcome, Trace } from "./trace/types.ts";

/** Options of {@linkcode learnPolicy}. */
export interface LearnPolicyOptions extends PlanOptions {
  /** What the active point may cost or lose; a loss of 1% unless given. */
  readonly budget: Budget;
  /** Chance that a certificate is wrong, (0, 0.5]. */
  readonly delta: number;
}

/** A learned policy and where it comes from. */
export interface Learned {
  /** The policy. */
  readonly document: PolicyDocument;
  /** The rows it was learned from, and those it was not. */
  readonly split: Split;
  /** The families that were considered. */
  readonly considered: readonly Considered[];
  /** What cross-validation says, where there are few examples. */
  readonly validated?: Validated | undefined;
}

/**
 * Learns a policy from a trace: splits it, learns families, chooses one, certifies its points,
 * activates the one that fits the budget and keeps those that matter most.
 *
 * @param trace The trace.
 * @param options See {@linkcode LearnPolicyOptions}.
 * @returns The policy, of eight points at most.
 * @throws {RangeError} If the trace has too few rows, or no point fits a limit of cost.
 * @throws {TypeError} If the loss needs labels and the trace has none.
 */
export function learnPolicy(trace: Trace, options: LearnPolicyOptions): Learned {
  const { kind, budget, onStep = () => {} } = options;
  checkBudget(budget);
  checkLabels(trace, kind);
  const plan = isFew(trace) ? planFew(trace, options) : planMany(trace, options);
  const { split } = plan;
  onStep(`Split ${trace.count} examples: ${saySplit(split)}`);

  onStep("Learning thresholds, logistic regressions and boosted trees over a sweep of prices");
  const chosen = plan.choose();
  const { document: family, considered } = chosen;
  onStep(`Chose ${sayFamily(family)} of ${considered.length} families`);

  onStep(`Certifying ${family.points.length} operating points`);
  const { maxLoss = DEFAULT_MAX_LOSS } = budget;
  const alphas = [...new Set([...plan.levels, maxLoss])].sort((a, b) => a - b);
  const points = certifyPoints(trace, family, split.calibration, { ...options, alphas });

  const foresight = plan.foresee(chosen);
  const rule = ruleFor(trace, { plan, family, foresight, maxLoss }, options);
  const { active, certified } = activate({ points, alphas, full: trace.full }, rule);

  const wanted = wantedPoints(points, active, { maxLoss, alphas, foresight });
  const confidence = confidenceOf(trace, split.calibration);
  const whole = { ...family, loss: kind, confidence, certified, points, active };
  const { document } = keepPicked(whole, wanted);
  return { document, split, considered, validated: foresight.validated };
}

function checkLabels(trace: Trace, kind: LossKind): void {
  if (!trace.labels) return;
  const [first] = trace.labels;
  if (!LOSSES[kind].needsLabels || trace.labels.some((label) => label !== first)) return;
  throw new RangeError(
    `Cannot learn from the trace of ${trace.pair}: labels: every row has the class ${first}, ` +
      "expected at least two classes",
  );
}

/** The points of a family with what is proved of them, and with what live traffic is compared with. */
function certifyPoints(
  trace: Trace,
  family: PolicyDocument,
  rows: Int32Array,
  options: CertifyFamilyOptions,
): OperatingPoint[] {
  const outcomes = runPoints(trace, rows, bindPolicy(family, trace), options);
  const proofs = certifyFamily(trace, rows, outcomes, options);
  return family.points.map((point, index): OperatingPoint => ({
    ...point,
    ...proofs[index],
    exits: countExits(trace, outcomes[index] as Outcome),
  }));
}

/** What decides which point serves: a price, a limit of cost, or else the loss alone. */
function ruleFor(
  trace: Trace,
  { plan, family, foresight, maxLoss }: {
    readonly plan: LearnPlan;
    readonly family: PolicyDocument;
    readonly foresight: Foresight;
    readonly maxLoss: number;
  },
  { budget, kind, policyMs }: LearnPolicyOptions,
): ActivationRule {
  const { lambda } = budget;
  if (lambda !== undefined) {
    const means = lookAtPoints(trace, family, plan.priceRows, { kind, policyMs });
    return { by: "price", objectives: means.map(({ cost, loss }) => cost + lambda * loss) };
  }
  const fullCost = costAlone(trace, trace.full);
  const limit = costLimit(budget, fullCost);
  if (limit < Infinity) return { by: "cost", limit, budget, fullCost };
  return foresight.ruleFor(maxLoss);
}

/** Indices of the points that the document should keep, those that matter most first. */
function wantedPoints(
  points: readonly OperatingPoint[],
  active: string,
  { maxLoss, alphas, foresight }: {
    readonly maxLoss: number;
    readonly alphas: readonly number[];
    readonly foresight: Foresight;
  },
): number[] {
  const fastestProved = (alpha: number) => points.findLastIndex((point) => isProved(point, alpha));
  return [
    points.findIndex(({ id }) => id === active),
    fastestProved(maxLoss),
    ...foresight.within(LOSS_LEVELS),
    ...alphas.map(fastestProved),
    0,
  ];
}

function sayFamily({ provenance, combine = "last", points }: PolicyDocument): string {
  return `${provenance.method.replace(/^learned: /, "")} with ${
    sayCombine(combine)
  }, ${points.length} points,`;
}

function sayCombine(combine: Combine): string {
  if (combine === "last") return "the last node's answer";
  return combine === "mean"
    ? "the mean of the nodes' answers"
    : "a learned pool of the nodes' answers";
}
