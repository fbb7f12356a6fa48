import type { LossKind } from "./losses.ts";

/** A finite-sample statement: `P(loss ≤ alpha) ≥ 1 − delta`. */
export interface Certificate {
  /** The loss that it is about. */
  readonly loss: LossKind;
  /** The largest mean loss that it allows. */
  readonly alpha: number;
  /** The chance that it is wrong. */
  readonly delta: number;
  /** Number of examples. */
  readonly n: number;
  /** Observed mean loss. */
  readonly risk: number;
  /** Upper confidence bound of the mean loss. */
  readonly bound: number;
  /** How the bound was computed: exact binomial or trinomial, or betting (Waudby-Smith and Ramdas). */
  readonly method: "binomial" | "trinomial" | "wsr";
  /** The part of the data that served for nothing else. */
  readonly split: string;
}

/** An upper confidence bound of a mean. */
export interface MeanBound {
  /** The chance that it is wrong. */
  readonly delta: number;
  /** Number of examples. */
  readonly n: number;
  /** Observed mean. */
  readonly mean: number;
  /** Upper confidence bound. */
  readonly bound: number;
}

/** An upper confidence bound of a share. */
export interface RateBound {
  /** The chance that it is wrong. */
  readonly delta: number;
  /** Number of examples. */
  readonly n: number;
  /** Observed share. */
  readonly rate: number;
  /** Upper confidence bound. */
  readonly bound: number;
}
