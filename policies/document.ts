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
  /** One to eight operating points: the settings that trade cost for loss. */
  readonly points: readonly OperatingPoint[];
  /** Id of the operating point that is served. */
  readonly active: string;
  /** Where the policy comes from. */
  readonly provenance: Provenance;
}

/** What chooses an action at a node. `class` tells which kind it is. */
export type Decider = ThresholdDecider | LinearDecider;

/** Compares one feature with the thresholds of the operating point. */
export interface ThresholdDecider {
  /** Names this class. */
  readonly class: "threshold";
  /** The feature that is compared. */
  readonly feature: string;
  /**
   * Which values take an action: `at_least` where high means confident (`max_probability`),
   * `at_most` where low does (`entropy`).
   *
   * @default "at_least"
   */
  readonly direction?: "at_least" | "at_most" | undefined;
  /**
   * Divides the logits of every node that this decider reads.
   *
   * @default 1
   */
  readonly temperature?: number | undefined;
  /** The first action whose threshold is reached is taken, the last one if none is. */
  readonly actions: readonly string[];
}

/**
 * Takes the action with the highest score: `bias + Σ weights · (features − mean) / scale`. Ties go to
 * `exit`, then to the action listed first.
 */
export interface LinearDecider {
  /** Names this class. */
  readonly class: "linear";
  /**
   * Divides the logits of every node that this decider reads.
   *
   * @default 1
   */
  readonly temperature?: number | undefined;
  /** The features, `n` of them. */
  readonly features: readonly string[];
  /** What is subtracted from each feature, length n. */
  readonly mean: readonly number[];
  /** What each feature is divided by after that, length n, positive. */
  readonly scale: readonly number[];
  /** The score of each action. */
  readonly scores: Readonly<Record<string, LinearScore>>;
}

/** The score of one action of a {@linkcode LinearDecider}. */
export interface LinearScore {
  /** The score at the mean of all features. */
  readonly bias: number;
  /** Change of the score per scaled feature, length n. */
  readonly weights: readonly number[];
}

/** One member of the family of policies that a document holds. */
export interface OperatingPoint {
  /** Name of the point, such as `balanced`. */
  readonly id: string;
  /** One setting for every key of {@linkcode PolicyDocument.nodes}. */
  readonly nodes: Readonly<Record<string, Setting>>;
  /** What the point costs and loses on the data that it was chosen on. */
  readonly expected?: Expected | undefined;
}

/** What an operating point sets at one node. */
export type Setting = ThresholdSetting | LinearSetting;

/** The setting of a {@linkcode ThresholdDecider}. */
export interface ThresholdSetting {
  /**
   * One fewer than the decider's actions, in the unit of its feature; descending for `at_least`,
   * ascending for `at_most`.
   */
  readonly thresholds: readonly number[];
}

/** The setting of a {@linkcode LinearDecider}. */
export interface LinearSetting {
  /** Added to the score of `exit`; 0 where the decider cannot exit. */
  readonly offset: number;
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
