import {
  LOSSES,
  type LossKind,
  type OperatingPoint,
  type PolicyDocument,
} from "../../policies/mod.ts";
import { RiskWatch, upperLimit } from "../../policies/watch/mod.ts";
import type { Quantity } from "./version_report.ts";

/** What is served, and how it is watched. */
export interface RiskWatchesOptions {
  /** The document; undefined for a built-in policy. */
  readonly document: PolicyDocument | undefined;
  /** The operating point that is served, if the document lists it. */
  readonly point: OperatingPoint | undefined;
  /** Nodes of the pair. */
  readonly nodes: readonly string[];
  /** Chance of a false alarm, and chance that what is certified is wrong, for each quantity. */
  readonly delta: number;
}

/**
 * Watches what is certified of an operating point.
 *
 * @param options What is served.
 * @returns How often the answer is not the full model's; the loss, if the policy was learned for one; the
 * share of the inputs that go to the full model, if it is known how many of the calibration examples did.
 */
export function riskWatches(
  { document, point, nodes, delta }: RiskWatchesOptions,
): Readonly<Record<Quantity, RiskWatch | undefined>> & { readonly disagreement: RiskWatch } {
  const limit = point?.disagreement?.bound;
  return {
    disagreement: new RiskWatch({ name: "disagreement", limit, delta }),
    loss: point && document?.loss && lossWatch(point, document.loss, delta),
    fullShare: point?.exits && fullShareWatch(point.exits, nodes, delta),
  };
}

function lossWatch(
  { certificates = [] }: OperatingPoint,
  kind: LossKind,
  delta: number,
): RiskWatch {
  // The strictest of the levels that are proved of the point.
  const levels = certificates.filter((proof) => proof.loss === kind).map(({ alpha }) => alpha);
  const limit = levels.length === 0 ? undefined : Math.min(...levels);
  const { values } = LOSSES[kind];
  // A loss that is certified to be none has no room for bets below it.
  return new RiskWatch({ name: kind, limit: limit || undefined, delta, values });
}

/** The limit is what the calibration examples, counted by exit, allow. */
function fullShareWatch(
  exits: Readonly<Record<string, number>>,
  nodes: readonly string[],
  delta: number,
): RiskWatch {
  const counts = nodes.map((node) => exits[node] ?? 0);
  const full = counts.at(-1) ?? 0;
  const others = counts.reduce((sum, count) => sum + count, 0) - full;
  const limit = upperLimit([others, full], delta, [0, 1]);
  return new RiskWatch({ name: "the full model's share", limit, delta });
}
