import type { Pixels } from "../../registry/input/image/mod.ts";

/** A data set. All lists are in the order of the examples. */
export interface Examples {
  /** A name for every example. */
  readonly ids: readonly string[];
  /** Index of the right label, if known. */
  readonly labels?: Int32Array | undefined;
  /** 0: policies may be learned and certified on it; 1: only for reports. */
  readonly part: Uint8Array;
  /** Changes with the data: answers to other data are not taken for answers to these. */
  readonly fingerprint: string;
  /** Gives the image of an example. */
  pixels(row: number): Promise<Pixels>;
}
