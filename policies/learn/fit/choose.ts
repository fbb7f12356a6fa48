import type { PolicyDocument } from "../../document.ts";
import { LOSSES } from "../../losses.ts";
import { type Bench, prepareBench } from "./bench.ts";
import { fitCandidate, type FitOptions } from "./candidate.ts";
import { writeDocument } from "./fit.ts";
import { POLICY_CLASSES, type PolicyClass } from "./policy_classes.ts";
import { rank, simplestOf, type Standing } from "./standing.ts";
import type { CombineKind, Targets, Trace } from "../trace/types.ts";

/** Options of {@linkcode chooseFamily}. */
export interface ChooseOptions extends Omit<FitOptions, "policyClass" | "combine" | "targets"> {
  /**
   * Classes to choose from.
   *
   * @default POLICY_CLASSES
   */
  readonly policyClasses?: readonly PolicyClass[] | undefined;
  /**
   * Ways of combining answers to choose from.
   *
   * @default ["last", "learned"]
   */
  readonly combines?: readonly CombineKind[] | undefined;
  /** Is told after every fit how many are done, and how many there are to be. */
  readonly onFit?: ((done: number, of: number) => void) | undefined;
}

/** A family that was considered. */
export interface Considered {
  /** Its class. */
  readonly policyClass: PolicyClass;
  /** How it combines answers. */
  readonly combine: CombineKind;
  /** What it was learned from. */
  readonly targets: Targets;
  /** By the labels. */
  readonly labels: Standing;
  /** By labels softened by the full model, which is less noisy but trusts that model. */
  readonly softened: Standing;
  /** What validation chose within the class. */
  readonly note: string;
}

/** The chosen family and those it was chosen from. */
export interface Chosen {
  /** The chosen family. */
  readonly document: PolicyDocument;
  /** Mean softened loss of each of its points on the rows that decide. */
  readonly softenedLoss: readonly number[];
  /** All of them, simplest first. */
  readonly considered: readonly Considered[];
}

/** Standard errors by which a family must be worse by the labels to be ruled out. */
const RULED_OUT = 2;

/**
 * Learns a family of every class and chooses on the validation rows. The labels have the last word:
 * what is worse by them than the best, beyond two paired standard errors, is ruled out. Among the
 * rest, which labels cannot tell apart, softened losses decide: the simplest whose objective is
 * within one paired standard error of the best, learned from softened targets before labels.
 *
 * @param trace The trace.
 * @param train Rows to learn from.
 * @param validation Rows to choose on; if there are none, the training rows by scores out of fold.
 * @param options See {@linkcode ChooseOptions}.
 * @returns The chosen family, points safest first, and what it was chosen from.
 * @throws {RangeError} If there is no training row.
 * @throws {TypeError} If the loss needs labels and the trace has none.
 */
export function chooseFamily(
  trace: Trace,
  train: Int32Array,
  validation: Int32Array,
  options: ChooseOptions,
): Chosen {
  return chooseFrom(prepareBench(trace, train, validation), options);
}

/**
 * Does what {@linkcode chooseFamily} does with what has been read of the trace already.
 *
 * @param bench The rows to learn from and to choose on.
 * @param options See {@linkcode ChooseOptions}.
 * @returns The chosen family, points safest first, and what it was chosen from.
 * @throws {TypeError} If the loss needs labels and the trace has none.
 */
export function chooseFrom(bench: Bench, options: ChooseOptions): Chosen {
  const {
    policyClasses = POLICY_CLASSES,
    combines = ["last", "learned"],
    onFit = () => {},
    ...shared
  } = options;
  const wanted = policyClasses.flatMap((policyClass) =>
    combines.flatMap((combine) =>
      targetsOf(options).map((targets): FitOptions => {
        return { ...shared, policyClass, combine, targets };
      })
    )
  );
  const tried = wanted.map((own, index) => {
    const candidate = fitCandidate(bench, own);
    onFit(index + 1, wanted.length);
    return { own, candidate };
  });
  const byLabels = rank(tried.map(({ candidate }) => candidate.objective));
  const left = tried.filter((_, index) => {
    const { behind, standardError } = byLabels[index] as Standing;
    return behind <= RULED_OUT * standardError;
  });
  const simplest = simplestOf(left.map(({ candidate }) => candidate.softened));
  const softened = rank(tried.map(({ candidate }) => candidate.softened));
  const { own, candidate } = left[simplest] as typeof tried[number];
  return {
    document: writeDocument(bench, candidate, own),
    softenedLoss: candidate.softenedLoss,
    considered: tried.map(({ own, candidate }, index): Considered => ({
      policyClass: own.policyClass,
      combine: own.combine,
      targets: own.targets,
      labels: byLabels[index] as Standing,
      softened: softened[index] as Standing,
      note: candidate.note,
    })),
  };
}

/** Without labels, disagreement is known for sure: there is nothing to soften. */
function targetsOf({ kind }: ChooseOptions): Targets[] {
  return LOSSES[kind].needsLabels ? ["softened", "labels"] : ["labels"];
}
