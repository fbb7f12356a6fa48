import type { LossKind } from "../../policies/mod.ts";
import type { DriftReport, RiskReport } from "../../policies/watch/mod.ts";

/** What an alarm can be about. */
export type Quantity = "disagreement" | "loss" | "fullShare";

/** What each is called in events and metrics, as in the report. */
export const QUANTITY_NAMES: Readonly<Record<Quantity, string>> = {
  disagreement: "disagreement",
  loss: "loss",
  fullShare: "full_share",
};

/** What became of inputs that were drawn. */
export interface ShadowCounts {
  /** All of them. */
  readonly drawn: number;
  /** Those that arrived while no worker was idle; nothing was to be learned from them. */
  readonly skipped: number;
  /** Those whose answer is known to be the full model's or not. */
  readonly compared: number;
  /** Those whose comparison failed. */
  readonly missing: number;
}

/** What has become of the answers of one version of a policy, since this process first served it. */
export interface VersionReport {
  /** Name of the version. */
  readonly policy: string;
  /** The operating point that is watched. */
  readonly operatingPoint: string | null;
  /** When the record began, ISO 8601. */
  readonly since: string;
  /** Number of inputs. */
  readonly items: number;
  /** Share of the inputs by the node at which they exited. */
  readonly exits: Readonly<Record<string, number>>;
  /** Number of inputs that were answered without a node that the policy chose, which was not available. */
  readonly degraded: number;
  /** Mean cost of an input, in the pair's unit. */
  readonly cost: number | null;
  /** What became of the inputs that were drawn to be compared with the full model. */
  readonly shadow: ShadowCounts;
  /** Mean cost of comparing, over all inputs, in the pair's unit. */
  readonly shadowCost: number | null;
  /** The point that is compared with the full model after a fall-back to that. */
  readonly probation: string | null;
  /** How often the answer is not the full model's, over all inputs. */
  readonly disagreement: RiskReport;
  /** The loss, where labels arrived for inputs that were compared. */
  readonly loss: (RiskReport & { readonly kind: LossKind }) | null;
  /** Labels that arrived, and the share of them that the answer had right. */
  readonly labels: { readonly n: number; readonly accuracy: number | null };
  /** Share of the inputs that go to the full model, which makes traffic dear before it makes it wrong. */
  readonly fullShare: RiskReport | null;
  /** Whether exits and confidence are those of the trace. */
  readonly drift: DriftReport | null;
}
