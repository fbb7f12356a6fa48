import type { LossKind, TopClasses } from "../../policies/mod.ts";

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
  if (kind === "consistency") return Number(answer[0] !== full[0]);
  const rank = kind === "top5" || kind === "signed5" ? 5 : 1;
  const wrong = (classes: TopClasses) => Number(!classes.slice(0, rank).includes(label));
  const signed = wrong(answer) - wrong(full);
  return kind === "signed" || kind === "signed5" ? signed : Math.max(0, signed);
}
