/** Something that looks wrong in a pair that can be served. */
export interface Finding {
  /** The node; undefined for the pair as a whole. */
  readonly node?: string | undefined;
  /** What it is, and what to do. */
  readonly text: string;
}
