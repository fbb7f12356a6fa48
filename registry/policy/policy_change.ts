import type { StoredPolicy } from "../../policies/stores/mod.ts";
import type { DryRunResult } from "./dry_run_result.ts";

/** Who changes a policy, and what must be true before. */
export interface ChangeOptions {
  /** From where, for the audit trail. */
  readonly from: string;
  /** Throws if the latest version is not the one that the caller knows. Nothing unless given. */
  readonly check?: ((head: StoredPolicy | undefined) => void) | undefined;
}

/** What became of a change. */
export interface Changed {
  /** The version that there is now. */
  readonly stored: StoredPolicy;
  /** Whether it is new; a document that is there already makes no version. */
  readonly isNew: boolean;
  /** What it does. */
  readonly dryRun: DryRunResult;
}

/** What to do with a policy that no longer keeps what is certified of it. */
export interface FallBack {
  /** Name of the policy. */
  readonly policy: string;
  /** Back to the last version that kept its level, or to the full model; to that also where no version did. */
  readonly to: "rollback" | "full";
  /** Whether a version is not known to have failed as well. */
  readonly keptItsLevel: (policy: string) => boolean;
  /** Why, for the audit trail. */
  readonly from: string;
}
