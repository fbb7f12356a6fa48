/** How live traffic is watched. */
export interface WatchOptions {
  /** Share of the inputs that are compared with the full model in the background, in [0, 1]. */
  readonly shadow: number;
  /** How many workers must stay idle beside the one that compares. */
  readonly spare: number;
  /** What happens when a policy no longer keeps what is certified of it. */
  readonly onAlarm: "warn" | "rollback" | "full";
  /** Chance of a false alarm, for each version and quantity over all time. */
  readonly delta: number;
  /** How many inputs are remembered for labels, and for how many milliseconds. */
  readonly answers: { readonly capacity: number; readonly ms: number };
}
