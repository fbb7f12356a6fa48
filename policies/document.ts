import type { Certificate, MeanBound, RateBound } from "./certificate.ts";
import type { Combine } from "./combine.ts";
import type { LinearDecider } from "./linear.ts";
import type { LossKind } from "./losses.ts";
import type { ThresholdDecider } from "./threshold.ts";
import type { TreesDecider } from "./trees.ts";
import type { Thresholds } from "./view.ts";

export type * from "./certificate.ts";
export type { Combine, LearnedCombine } from "./combine.ts";
export type { LinearDecider, LinearScore } from "./linear.ts";
export type { LossKind } from "./losses.ts";
export type { ThresholdDecider } from "./threshold.ts";
export type { TreesDecider, TreesScore } from "./trees.ts";
export type { Thresholds } from "./view.ts";

/** Begins the name of the policy that always answers with one node. */
export const ALWAYS_PREFIX = "always:";

/** A policy as it is stored: a selector for one pair, learned or set by hand. */
export interface PolicyDocument {
  /** Where editors find the JSON Schema. */
  readonly $schema?: string | undefined;
  /** The pair that the policy is for. */
  readonly pair: string;
  /** SHA-256 of every model of the pair, in hex. The policy is refused for other weights. */
  readonly models: Readonly<Record<string, string>>;
  /**
   * What decides at each node. A key is a node (`medium`), whichever path led there, or the whole
   * path (`small>medium`), which goes before the node. At `start` no model has run yet.
   */
  readonly nodes: Readonly<Record<string, Decider>>;
  /**
   * How the answers of the nodes that ran become one.
   *
   * @default "last"
   */
  readonly combine?: Combine | undefined;
  /** What the policy was learned to keep small; `expected` counts it. */
  readonly loss?: LossKind | undefined;
  /** How sure the first node is on the calibration examples: what live traffic is compared with. */
  readonly confidence?: ConfidenceReference | undefined;
  /** Whether the active point has passed what was asked to be proved of it. */
  readonly certified?: boolean | undefined;
  /** Where the costs were measured: backend, machine, number of workers. */
  readonly measured?: string | undefined;
  /** One to eight operating points: the settings that trade cost for loss. */
  readonly points: readonly OperatingPoint[];
  /**
   * Id of the operating point that is served, or `always:<node>`, which needs none: what a learner
   * leaves where no point is proved.
   */
  readonly active: string;
  /** Where the policy comes from. */
  readonly provenance: Provenance;
}

/**
 * What chooses an action at a node. Every class gives a score to each action but the last. The first
 * action whose score reaches its threshold is taken, the last one if none does. `class` tells which
 * kind it is.
 */
export type Decider = ThresholdDecider | LinearDecider | TreesDecider;

/** One member of the family of policies that a document holds. */
export interface OperatingPoint {
  /** Name of the point, such as `balanced`. */
  readonly id: string;
  /** Thresholds for every key of {@linkcode PolicyDocument.nodes}. */
  readonly nodes: Readonly<Record<string, Thresholds>>;
  /** Price of one unit of loss for which the point was learned, milliseconds. */
  readonly lambda?: number | undefined;
  /** What the point costs and loses on the data that it was chosen on. */
  readonly expected?: Expected | undefined;
  /** What is proved of the point's loss. */
  readonly certificates?: readonly Certificate[] | undefined;
  /** What is proved of its cost, milliseconds per request. */
  readonly cost_bound?: MeanBound | undefined;
  /** What is proved of the share of answers that differ from the full model's. */
  readonly disagreement?: RateBound | undefined;
  /** How many of the calibration examples exit at each node: what live traffic is compared with. */
  readonly exits?: Readonly<Record<string, number>> | undefined;
}

/** A histogram of the largest probability of the first node's answer, over calibration examples. */
export interface ConfidenceReference {
  /** The first node. */
  readonly node: string;
  /** Bounds between bins, ascending, k of them; a value on a bound is in the bin above. */
  readonly edges: readonly number[];
  /** Number of examples in each bin, k + 1 of them. */
  readonly counts: readonly number[];
}

/** Averages over the data that an operating point was chosen on. */
export interface Expected {
  /** Milliseconds of compute per request. */
  readonly cost: number;
  /** Excess loss over the full model; negative where the policy is better. */
  readonly loss: number;
}

/** Where a policy comes from. */
export interface Provenance {
  /** How it was made, such as `hand-set`. */
  readonly method: string;
  /** Anything a reader should know. */
  readonly note?: string | undefined;
  /** When it was made, ISO 8601. */
  readonly date?: string | undefined;
  /** The data that it was made from. */
  readonly data?: string | undefined;
  /** Number of examples. */
  readonly n?: number | undefined;
  /** Which part of the data. */
  readonly split?: string | undefined;
  /** Seed of the random numbers. */
  readonly seed?: number | undefined;
  /** Name and version of the program that made it. */
  readonly tool?: string | undefined;
}
