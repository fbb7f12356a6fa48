/** Every kind of thing that can happen. */
export const EVENT_KINDS = [
  "alarm",
  "canary_dropped",
  "canary_set",
  "drift",
  "fall_back_failed",
  "node_available",
  "node_unavailable",
  "plugin_failed",
  "policy_refused",
  "policy_swapped",
  "store_failed",
  "worker_crashed",
] as const;

/** What kind of thing happened. */
export type EventKind = (typeof EVENT_KINDS)[number];

/** Something that an operator should know of, for programs that read logs and count. */
export interface ServerEvent {
  /** What kind of thing happened. */
  readonly kind: EventKind;
  /** Name of the pair that it happened to. */
  readonly pair?: string | undefined;
  /** Name of the version of the policy, such as `fashion-mnist@4`. */
  readonly policy?: string | undefined;
  /** What it is about, of a fixed set for each kind: a quantity, or how a policy was changed. */
  readonly about?: string | undefined;
}

/** Receives one line for everything that an operator should know, and the same for programs. */
export type Log = (line: string, event?: ServerEvent) => void;
