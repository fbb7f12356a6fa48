import type { LoadedPair } from "./load_pair.ts";
import type { PointRequest } from "./policy/operating_point.ts";
import type { PolicySnapshot } from "./policy/snapshot.ts";
import type { RoutedItem } from "./walk/walked.ts";

/** The answer to a request. */
export interface Inference {
  /** The pair as it was when the request began. */
  readonly pair: LoadedPair;
  /** The policy that decided. */
  readonly policy: PolicySnapshot;
  /** One for each item, in the order of the request. */
  readonly items: readonly RoutedItem[];
  /** Milliseconds of decoding. */
  readonly decodeMs: number;
  /** Milliseconds in the queue. */
  readonly waitMs: number;
  /** Milliseconds from submission to answer, queueing included. */
  readonly totalMs: number;
  /** What decided: the pair's policy, its canary, or what the request asked for. */
  readonly role: PolicyRole;
}

/** Everything that can decide. */
export const POLICY_ROLES = ["active", "canary", "request"] as const;

/** What decided: the pair's policy, its canary, or what the request asked for. */
export type PolicyRole = (typeof POLICY_ROLES)[number];

/** Options of {@linkcode Registry.infer}. */
export interface InferOptions {
  /**
   * A built-in policy, `always:<node>`.
   *
   * @default the pair's policy
   */
  readonly policy?: string | undefined;
  /**
   * An operating point of the pair's policy.
   *
   * @default the active one
   */
  readonly point?: PointRequest | undefined;
  /**
   * Requests with the same key are answered by the same of policy and canary.
   *
   * @default at random
   */
  readonly key?: string | undefined;
  /**
   * Id under which a label may come for the request.
   *
   * @default none can
   */
  readonly id?: string | undefined;
  /**
   * Takes the request out of the queue when aborted.
   *
   * @default never
   */
  readonly signal?: AbortSignal | undefined;
}
