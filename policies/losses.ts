/** Every kind of loss of a policy's answer. Values are per example. */
export const LOSS_KINDS = [
  /** max(0, error(adaptive) − error(full)), error of the top class: 0 or 1. */
  "top1",
  /** The same for the top five classes. */
  "top5",
  /** error(adaptive) − error(full), top class: −1, 0 or 1. */
  "signed",
  /** The same for the top five classes. */
  "signed5",
  /** Disagreement with the full model's top class, no labels: 0 or 1. */
  "consistency",
] as const;

/** What counts as a loss of a policy's answer. */
export type LossKind = (typeof LOSS_KINDS)[number];

/** An answer, and where the right class stands in it. */
export interface RankedAnswer {
  /** The top class. */
  readonly answer: number;
  /** How many classes score higher than the right one; `Infinity` where it is not known. */
  readonly rank: number;
}

/** All that is known of a kind of loss. */
export interface Loss {
  /** In words. */
  readonly says: string;
  /** Whether it needs the right class; without it, the answer is compared with the full model's. */
  readonly needsLabels: boolean;
  /** How many classes of an answer count, the most probable first; at most 5. */
  readonly top: number;
  /** Every value that it can have, ascending. */
  readonly values: readonly [0, 1] | readonly [-1, 0, 1];
  /** The same loss where an answer may also be better than the full model's; itself, if it may. */
  readonly signed: LossKind;
  /** The accuracy that says most about it. */
  readonly accuracy: "top1" | "top5";
  /**
   * Computes it for one example.
   *
   * @param adaptive The adaptive answer.
   * @param full The full model's, run alone.
   * @returns One of the values. If labels are needed, 0 unless the right class is among the `top` of
   * one of the two.
   */
  of(adaptive: RankedAnswer, full: RankedAnswer): number;
}

/** What is known of each, in the order in which people are told of them. */
export const LOSSES: Readonly<Record<LossKind, Loss>> = {
  signed: {
    says: "top-1 accuracy given up",
    needsLabels: true,
    top: 1,
    values: [-1, 0, 1],
    signed: "signed",
    accuracy: "top1",
    of: (adaptive, full) => moreErrors(adaptive, full, 1),
  },
  top1: {
    says: "share of answers that only the full model gets right",
    needsLabels: true,
    top: 1,
    values: [0, 1],
    signed: "signed",
    accuracy: "top1",
    of: (adaptive, full) => Math.max(0, moreErrors(adaptive, full, 1)),
  },
  signed5: {
    says: "top-5 accuracy given up",
    needsLabels: true,
    top: 5,
    values: [-1, 0, 1],
    signed: "signed5",
    accuracy: "top5",
    of: (adaptive, full) => moreErrors(adaptive, full, 5),
  },
  top5: {
    says: "share of answers whose five classes hold the right one for the full model only",
    needsLabels: true,
    top: 5,
    values: [0, 1],
    signed: "signed5",
    accuracy: "top5",
    of: (adaptive, full) => Math.max(0, moreErrors(adaptive, full, 5)),
  },
  consistency: {
    says: "share of answers that differ from the full model's",
    needsLabels: false,
    top: 1,
    values: [0, 1],
    signed: "consistency",
    accuracy: "top1",
    of: (adaptive, full) => Number(adaptive.answer !== full.answer),
  },
};

/**
 * Ranks an answer of which only the most probable classes are known.
 *
 * @param classes The classes, the most probable first; as many as any loss counts.
 * @param label The right class.
 * @returns The answer.
 */
export function rankIn(classes: readonly number[], label: number): RankedAnswer {
  const rank = classes.indexOf(label);
  return { answer: classes[0] ?? -1, rank: rank < 0 ? Infinity : rank };
}

/** error(adaptive) − error(full). */
function moreErrors(adaptive: RankedAnswer, full: RankedAnswer, top: number): number {
  return Number(adaptive.rank >= top) - Number(full.rank >= top);
}
