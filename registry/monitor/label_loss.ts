import { LOSSES, type LossKind, rankIn, type TopClasses } from "../../policies/mod.ts";

/**
 * The loss of an answer, as policies count it, once the true class is known.
 *
 * @param kind What counts as a loss.
 * @param answer Top classes of the answer, the most probable first.
 * @param full Those of the full model's.
 * @param label Index of the true class.
 * @returns −1, 0 or 1.
 */
export function labelLoss(
  kind: LossKind,
  answer: TopClasses,
  full: TopClasses,
  label: number,
): number {
  return LOSSES[kind].of(rankIn(answer, label), rankIn(full, label));
}
