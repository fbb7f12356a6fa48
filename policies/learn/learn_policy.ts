import type { Combine, OperatingPoint, PolicyDocument } from "../document.ts";
import { LOSSES } from "../losses.ts";
import { type Budget, checkBudget, sayBudget } from "./budget.ts";
import { certifyFamily } from "./certify/certify_family.ts";
import { chooseFamily, type Considered } from "./fit/choose.ts";
import { chooseFew, CROSS_VALIDATION } from "./judge/cross_validate.ts";
import { isFew, splitAny, type Validated, validateFew } from "./few.ts";
import { prepareBench } from "./fit/fit.ts";
import { costAlone } from "./replay/judged.ts";
import { LOSS_LEVELS } from "./replay/metrics.ts";
import { ms, percent, times } from "./stats/numbers.ts";
import { keepPicked, lookAtPoints, type LookOptions, pickWithin } from "./replay/pick.ts";
import type { Split } from "./replay/split.ts";
import type { PolicyClass } from "./fit/scores.ts";
import type { CombineKind, LossKind, Trace } from "./trace/types.ts";

/** The losses that are certified beside the one that is asked for. */
const CERTIFIED_LEVELS = [0.005, 0.01, 0.02];

/** What is certified beside, where examples are too few for less. */
const LENIENT_LEVELS = [0.03, 0.05];

/** The loss that is allowed where nothing is asked for. */
const DEFAULT_MAX_LOSS = 0.01;

/** Options of {@linkcode learnPolicy}. */
export interface LearnPolicyOptions {
  /** What counts as a loss. */
  readonly kind: LossKind;
  /** What the active point may cost or lose; a loss of 1% unless given. */
  readonly budget: Budget;
  /** Seed of the split and the folds. */
  readonly seed: number;
  /** Chance that a certificate is wrong. */
  readonly delta: number;
  /** Milliseconds of each decision. */
  readonly policyMs: number;
  /**
   * Classes of policies to choose from.
   *
   * @default all
   */
  readonly policyClasses?: readonly PolicyClass[] | undefined;
  /**
   * Ways of combining answers to choose from.
   *
   * @default ["last", "learned"]
   */
  readonly combines?: readonly CombineKind[] | undefined;
  /** Told after every fold of cross-validation how many are done, and how many there are to be. */
  readonly onFold?: ((done: number, of: number) => void) | undefined;
  /** Told of every step. */
  readonly onStep?: ((step: string) => void) | undefined;
  /** Told after every fit how many families are done, and how many there are to be. */
  readonly onFit?: ((done: number, of: number) => void) | undefined;
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
 * Learns a policy from a trace: splits it, learns families, chooses one, picks its points, certifies
 * them and activates the one that fits the budget.
 *
 * @param trace The trace.
 * @param options See {@linkcode LearnPolicyOptions}.
 * @returns The policy, of eight points at most.
 * @throws {RangeError} If the trace has too few rows, or no point fits a limit of cost.
 * @throws {TypeError} If the loss needs labels and the trace has none.
 */
export function learnPolicy(
  trace: Trace,
  options: LearnPolicyOptions,
): Learned {
  const { kind, budget, seed, delta, policyMs, onStep = () => {} } = options;
  checkBudget(budget);
  checkLabels(trace, kind);
  const split = splitAny(trace, seed);
  const sizes = Object.entries(split).filter(([, rows]) => rows.length > 0)
    .map(([part, rows]) => `${rows.length} ${part}`);
  onStep(`Split ${trace.count} examples: ${sizes.join(", ")}`);

  onStep("Learning thresholds, logistic regressions and boosted trees over a sweep of prices");
  const shared = {
    kind,
    seed,
    policyMs,
    policyClasses: options.policyClasses,
    combines: options.combines,
    onFit: options.onFit,
  };
  const few = isFew(trace)
    ? chooseFew(prepareBench(trace, split.train, split.validation), shared)
    : undefined;
  const { document: family, considered } = few ??
    chooseFamily(trace, split.train, split.validation, shared);
  onStep(`Chose ${sayFamily(family)} of ${considered.length} families`);

  const { maxLoss = DEFAULT_MAX_LOSS } = budget;
  const levels = few ? [...CERTIFIED_LEVELS, ...LENIENT_LEVELS] : CERTIFIED_LEVELS;
  const alphas = [...new Set([...levels, maxLoss])].sort((a, b) => a - b);
  onStep(`Certifying ${family.points.length} operating points`);
  const certified = certifyFamily(trace, family, split.calibration, {
    kind,
    alphas,
    target: maxLoss,
    delta,
    policyMs,
    seed,
  });
  const look = { kind, policyMs };
  const validated = few ? validate(trace, options) : undefined;
  const within = validated && few
    ? (losses: readonly number[]) => {
      return pickWithin(trace, few.candidates, losses.map((loss) => validated.nominalFor(loss)));
    }
    : (losses: readonly number[]) => {
      const rows = Int32Array.from([...split.validation, ...split.calibration]).sort();
      return pickWithin(trace, lookAtPoints(trace, family, rows, look), losses);
    };
  const served = validated && isLossAlone(budget)
    ? activateExpected(certified, within([maxLoss])[0] ?? -1, maxLoss)
    : activate(trace, certified, budget, split, look);
  const proved = (alpha: number) => {
    return certified.points.findLastIndex(({ certificates }) =>
      certificates?.some((proof) => proof.alpha === alpha)
    );
  };
  const { document } = keepPicked(served, [
    served.points.findIndex(({ id }) => id === served.active),
    proved(maxLoss),
    ...within(LOSS_LEVELS),
    ...alphas.map(proved),
    0,
  ]);
  return { document, split, considered, validated };
}

/** Cross-validates as a whole what has been done on one part. */
function validate(trace: Trace, options: LearnPolicyOptions): Validated {
  const { folds, repeats } = CROSS_VALIDATION;
  options.onStep?.(
    `Cross-validating: ${folds} folds, ${repeats} times, everything learned in each`,
  );
  return validateFew(trace, { ...options, onFold: options.onFold });
}

function isLossAlone({ lambda, maxCost, speedup }: Budget): boolean {
  return [lambda, maxCost, speedup].every((limit) => limit === undefined);
}

/**
 * Makes the point active that cross-validation expects to keep to a loss; it is certified only if the
 * few examples carry that. Where none is expected to, the full model.
 */
function activateExpected(
  document: PolicyDocument,
  index: number,
  maxLoss: number,
): PolicyDocument {
  const point = document.points[index];
  if (!point) return { ...document, certified: false };
  const certified = point.certificates?.some(({ alpha }) => alpha === maxLoss) ?? false;
  return { ...document, active: point.id, certified };
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

function sayCombine(combine: Combine): string {
  if (combine === "last") return "the last node's answer";
  return combine === "mean"
    ? "the mean of the nodes' answers"
    : "a learned pool of the nodes' answers";
}

function sayFamily({ provenance, combine = "last", points }: PolicyDocument): string {
  return `${provenance.method.replace(/^learned: /, "")} with ${
    sayCombine(combine)
  }, ${points.length} points,`;
}

/**
 * Makes the point active that fits a budget. A loss alone has been seen to by the certificates; for a
 * limit of cost it is the safest point whose proven mean cost is within; for a price the best one on
 * the validation rows.
 */
function activate(
  trace: Trace,
  document: PolicyDocument,
  budget: Budget,
  { train, validation }: Split,
  options: LookOptions,
): PolicyDocument {
  const { maxLoss, lambda } = budget;
  if (lambda !== undefined) {
    const rows = validation.length > 0 ? validation : train;
    const worth = lookAtPoints(trace, document, rows, options)
      .map(({ cost, loss }) => cost + lambda * loss);
    const best = document.points[worth.indexOf(Math.min(...worth))] as OperatingPoint;
    return { ...document, active: best.id, certified: (best.certificates ?? []).length > 0 };
  }
  const limit = costLimit(trace, budget);
  if (limit === Infinity) return document;
  const cheapEnough = document.points.find(({ cost_bound }) => {
    return (cost_bound?.bound ?? Infinity) <= limit;
  });
  const proved = maxLoss === undefined ||
    cheapEnough?.certificates?.some(({ alpha }) => alpha === maxLoss);
  if (cheapEnough && proved) return { ...document, active: cheapEnough.id, certified: true };
  const proof = maxLoss === undefined ? "" : ` and a proven loss of at most ${percent(maxLoss)}`;
  const closest = cheapEnough ?? document.points.at(-1) as OperatingPoint;
  throw new RangeError(
    `Cannot meet ${sayBudget(budget)}: expected a point with a proven mean cost of at most ` +
      `${ms(limit)}${proof}, the closest of ${document.points.length} has ${
        sayPoint(trace, closest)
      }`,
  );
}

/** Milliseconds that the active point may cost on average. */
function costLimit(trace: Trace, { maxCost = Infinity, speedup }: Budget): number {
  const full = costAlone(trace, trace.full);
  return Math.min(maxCost, speedup === undefined ? Infinity : full / speedup);
}

function sayPoint(
  trace: Trace,
  { cost_bound, certificates = [] }: OperatingPoint,
): string {
  const cost = cost_bound?.bound ?? Infinity;
  const alphas = certificates.map(({ alpha }) => alpha);
  const loss = alphas.length === 0 ? "no proven loss" : `loss ≤ ${percent(Math.min(...alphas))}`;
  const speedup = times(costAlone(trace, trace.full) / cost);
  return `cost ≤ ${ms(cost)} (${speedup}), ${loss}`;
}
