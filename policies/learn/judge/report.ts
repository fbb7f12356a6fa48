import type { Certificate, MeanBound, RateBound } from "../../document.ts";
import type { Exit } from "../replay/judged.ts";
import type { Metric } from "../replay/metrics.ts";
import type { LossKind } from "../trace/types.ts";

/** Lower and upper end of a 95% interval. */
export type Interval = readonly [number, number];

/** A speedup that a method reaches within a loss. Member names are fixed: other programs read them. */
export interface Speedup {
  /** Name of the method. */
  readonly method: string;
  /** What the loss counts. */
  readonly metric: Metric;
  /** `trace`: from costs measured one by one; `served`: measured through the server. */
  readonly basis: "trace" | "served";
  /** The loss that was allowed. */
  readonly max_loss: number;
  /** The loss on the test rows, at most `max_loss`. */
  readonly loss: number;
  /** Mean cost of the full model alone over the method's. */
  readonly speedup: number;
  /** Paired bootstrap over the test rows. */
  readonly ci95: Interval;
}

/** The setting of a method for a level of loss, whether or not the test rows bear it out. */
export interface LevelRow extends Speedup {
  /** Name of the setting, chosen without the test rows. */
  readonly point: string;
  /** Whether the loss on the test rows is at most `max_loss`. */
  readonly met: boolean;
  /** Share of the oracle's saving: (1 − 1/speedup) / (1 − 1/oracle's speedup). */
  readonly oracle_share: number | null;
}

/** How much cheaper the learned policy is than another method at the same loss on the test rows. */
export interface Comparison {
  /** Name of the other method; `best_threshold` is the cheapest threshold of every resample. */
  readonly against: string;
  /** What the loss counts. */
  readonly metric: Metric;
  /** The loss at which both curves are read, on straight lines between their settings. */
  readonly loss: number;
  /** The other method's cost over the learned policy's: above 1, learned is cheaper. */
  readonly ratio: number;
  /** Paired bootstrap over the test rows. */
  readonly ci95: Interval;
}

/** A setting on the test rows. */
export interface ReportPoint {
  /** Name of the setting. */
  readonly id: string;
  /** Mean milliseconds per request. */
  readonly cost: number;
  /** Mean loss by metric. */
  readonly loss: Readonly<Partial<Record<Metric, number>>>;
  /** Accuracy in the sense of the report's main metric. */
  readonly accuracy: number;
}

/** The curve of a method on the test rows. */
export interface Curve {
  /** Name of the method. */
  readonly method: string;
  /** Its settings, cheapest first. */
  readonly points: readonly ReportPoint[];
  /**
   * Area between the curve and that of random mixing, over the same area of the oracle: 0 is a coin, 1
   * the oracle.
   */
  readonly area: number | null;
}

/** A point of the policy in detail. */
export interface PointDetail extends ReportPoint {
  /** Whether it is the one that is served. */
  readonly active: boolean;
  /** Mean cost of the full model alone over the point's. */
  readonly speedup: number;
  /** Cost that half of the requests stay within, and so on; milliseconds. */
  readonly p50: number;
  /** The same for 95%. */
  readonly p95: number;
  /** The same for 99%. */
  readonly p99: number;
  /** Cost of the most expensive path that the policy may take. */
  readonly worst: number;
  /** What happens at every node. */
  readonly exits: readonly Exit[];
  /** Loss per class; empty without labels. */
  readonly classes: readonly ClassLoss[];
  /** What is proved of the point. */
  readonly certificates: readonly Certificate[];
  /** What is proved of its cost. */
  readonly cost_bound?: MeanBound | undefined;
  /** What is proved of its disagreement with the full model. */
  readonly disagreement?: RateBound | undefined;
}

/** Loss on the examples of one class. */
export interface ClassLoss {
  /** Name of the class, or its index. */
  readonly label: string;
  /** Number of test examples. */
  readonly n: number;
  /** Accuracy of the full model, in the sense of the report's main metric. */
  readonly full: number;
  /** Loss in the main metric. */
  readonly loss: number;
}

/** How a policy and its baselines do on held-out examples. */
export interface Report {
  /** Name of the pair. */
  readonly pair: string;
  /** Name of the full model. */
  readonly full: string;
  /** The loss that the policy was learned for. */
  readonly loss: LossKind;
  /** The metric of the claim and of the plot. */
  readonly metric: Metric;
  /** Every method at every loss that it meets. */
  readonly speedups: readonly Speedup[];
  /** The learned policy's share of the oracle's saving at `claim.loss`, in the main metric. */
  readonly oracle_share: number | null;
  /** What may be said in one sentence. */
  readonly claim: Claim;
  /** Every method at every loss, met or not. */
  readonly levels: readonly LevelRow[];
  /** The learned policy against each threshold at the same loss. */
  readonly comparisons: readonly Comparison[];
  /** The curves. */
  readonly curves: readonly Curve[];
  /** The points of the learned policy, as the document lists them. */
  readonly points: readonly PointDetail[];
  /** Accuracy of the full model in the main metric. */
  readonly full_accuracy: number;
  /** Milliseconds of every node's own computation. */
  readonly costs: Readonly<Record<string, number>>;
  /** Milliseconds counted for every decision. */
  readonly policy_ms: number;
  /** Milliseconds that a decision took on the machine that wrote the report, if measured. */
  readonly policy_ms_measured?: number | undefined;
  /** Where the costs were measured: backend, machine, workers. */
  readonly measured: string;
  /** Number of examples by part. */
  readonly n: Readonly<Record<"train" | "validation" | "calibration" | "test", number>>;
  /** How the methods were judged, if not on examples kept aside. */
  readonly cross_validation?: CrossValidation | undefined;
  /** Number of classes. */
  readonly classes: number;
  /** Seed of the split, the fits and the resamples. */
  readonly seed: number;
  /** Number of resamples behind every interval. */
  readonly replicates: number;
  /** SHA-256, in hex: of every model, of the trace's file, of the policy's text. */
  readonly hashes: {
    readonly models: Readonly<Record<string, string>>;
    readonly trace?: string | undefined;
    readonly policy?: string | undefined;
  };
  /** What the policy says of where it comes from. */
  readonly policy: {
    readonly method: string;
    readonly combine: string;
    readonly active: string;
    readonly certified: boolean;
  };
}

/** How often examples were dealt, and into how many folds. */
export interface CrossValidation {
  /** Number of parts, each left out once. */
  readonly folds: number;
  /** How often the examples were dealt anew. */
  readonly repeats: number;
}

/** The sentence of a report, and what it rests on. */
export interface Claim {
  /** The loss at which it is made. */
  readonly loss: number;
  /** Whether learned beats the best threshold: the interval of their ratio lies above 1. */
  readonly beats_thresholds: boolean;
  /** The best threshold over the learned policy, at the same loss. */
  readonly ratio: number | null;
  /** Paired bootstrap over the test rows. */
  readonly ci95: Interval | null;
  /** The sentence. */
  readonly sentence: string;
}
