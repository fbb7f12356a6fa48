import { ALWAYS_PREFIX, type OperatingPoint, type PolicyDocument } from "../document.ts";
import { type Budget, sayBudget } from "./budget.ts";
import { ms, percent, times } from "./stats/numbers.ts";

/** What decides which point of a family is served. */
export type ActivationRule = ByLoss | ByExpectation | ByCost | ByPrice;

/** The fastest point that is proved to stay within a loss; the full model where none is. */
export interface ByLoss {
  /** What it goes by. */
  readonly by: "loss";
  /** The loss, one of those that were certified. */
  readonly maxLoss: number;
}

/**
 * The point that cross-validation expects to stay within a loss; certified only if that is proved as
 * well. Where none is expected to, the one by loss, which then counts as not certified: what is
 * proved of it and what is expected contradict each other.
 */
export interface ByExpectation {
  /** What it goes by. */
  readonly by: "expectation";
  /** The loss, one of those that were certified. */
  readonly maxLoss: number;
  /** Index of the point; −1 for none. */
  readonly index: number;
}

/** The safest point whose proven mean cost is within a limit; a loss must be proved of it if given. */
export interface ByCost {
  /** What it goes by. */
  readonly by: "cost";
  /** Mean cost that is allowed, milliseconds. */
  readonly limit: number;
  /** Where the limit comes from. */
  readonly budget: Budget;
  /** Milliseconds of the full model alone, for errors. */
  readonly fullCost: number;
}

/** The point of least cost + λ · loss; certified if anything is proved of its loss. */
export interface ByPrice {
  /** What it goes by. */
  readonly by: "price";
  /** Cost + λ · loss of each point, milliseconds. */
  readonly objectives: readonly number[];
}

/** A family whose points have been certified. */
export interface CertifiedFamily {
  /** The points, from the safest to the fastest, one or more. */
  readonly points: readonly OperatingPoint[];
  /** The losses that were certified. */
  readonly alphas: readonly number[];
  /** Name of the full model. */
  readonly full: string;
}

/** Which point is served, as members of the document. */
export type Activation = Required<Pick<PolicyDocument, "active" | "certified">>;

/**
 * Chooses the point of a family that is served.
 *
 * @param family The family.
 * @param rule What decides.
 * @returns Id of the point, or `always:<full model>`, and whether what was asked for is proved of it.
 * @throws {RangeError} If the loss that is asked for was not certified, or no point is within a limit
 * of cost.
 */
export function activate(family: CertifiedFamily, rule: ActivationRule): Activation {
  checkTarget(family, rule);
  switch (rule.by) {
    case "loss":
      return activateByLoss(family, rule.maxLoss);
    case "expectation": {
      const point = family.points[rule.index];
      if (!point) return { ...activateByLoss(family, rule.maxLoss), certified: false };
      return { active: point.id, certified: isProved(point, rule.maxLoss) };
    }
    case "cost":
      return { active: cheapEnough(family, rule).id, certified: true };
    case "price": {
      const best = rule.objectives.indexOf(Math.min(...rule.objectives));
      const { id, certificates = [] } = family.points[best] as OperatingPoint;
      return { active: id, certified: certificates.length > 0 };
    }
  }
}

/**
 * Whether a loss is proved of a point.
 *
 * @param point The point.
 * @param alpha The loss, one of those that were certified.
 * @returns Whether it has the certificate.
 */
export function isProved({ certificates = [] }: OperatingPoint, alpha: number): boolean {
  return certificates.some((proof) => proof.alpha === alpha);
}

function checkTarget({ alphas }: CertifiedFamily, rule: ActivationRule): void {
  if (rule.by === "cost" || rule.by === "price" || alphas.includes(rule.maxLoss)) return;
  throw new RangeError(
    `Cannot activate a point: expected a target of ${alphas.join(", ")}, got ${rule.maxLoss}`,
  );
}

function activateByLoss({ points, full }: CertifiedFamily, maxLoss: number): Activation {
  const fastest = points.findLast((point) => isProved(point, maxLoss));
  return { active: fastest?.id ?? `${ALWAYS_PREFIX}${full}`, certified: fastest !== undefined };
}

function cheapEnough(
  { points }: CertifiedFamily,
  { limit, budget, fullCost }: ByCost,
): OperatingPoint {
  const { maxLoss } = budget;
  const safest = points.find(({ cost_bound }) => (cost_bound?.bound ?? Infinity) <= limit);
  if (safest && (maxLoss === undefined || isProved(safest, maxLoss))) return safest;
  const proof = maxLoss === undefined ? "" : ` and a proven loss of at most ${percent(maxLoss)}`;
  const closest = safest ?? points.at(-1) as OperatingPoint;
  throw new RangeError(
    `Cannot meet ${sayBudget(budget)}: expected a point with a proven mean cost of at most ` +
      `${ms(limit)}${proof}, the closest of ${points.length} has ${sayPoint(closest, fullCost)}`,
  );
}

function sayPoint({ cost_bound, certificates = [] }: OperatingPoint, fullCost: number): string {
  const cost = cost_bound?.bound ?? Infinity;
  const alphas = certificates.map(({ alpha }) => alpha);
  const loss = alphas.length === 0 ? "no proven loss" : `loss ≤ ${percent(Math.min(...alphas))}`;
  return `cost ≤ ${ms(cost)} (${times(fullCost / cost)}), ${loss}`;
}
