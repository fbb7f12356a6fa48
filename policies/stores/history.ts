import { createHash } from "node:crypto";
import {
  AUDITED_VERSIONS,
  KEPT_VERSIONS,
  type NewPolicy,
  PolicyConflictError,
  type PolicyVersion,
} from "./store.ts";

/** Longer origins are cut, so that the audit trail fits one value of Deno KV. */
const MAX_FROM = 120;

/** What comes of putting a policy. */
export interface Appended {
  /** The new version. */
  readonly version: PolicyVersion;
  /** The audit trail with it, the latest first. */
  readonly history: readonly PolicyVersion[];
  /** The version whose text is not kept any longer. */
  readonly dropped: number | undefined;
}

/**
 * Adds a version to a pair's history.
 *
 * @param pair Name of the pair.
 * @param history The audit trail, the latest first.
 * @param policy What is put.
 * @param after The version that it comes after.
 * @returns The new history.
 * @throws {PolicyConflictError} If the latest version is another.
 */
export function appendVersion(
  pair: string,
  history: readonly PolicyVersion[],
  policy: NewPolicy,
  after: number,
): Appended {
  const latest = history[0]?.version ?? 0;
  if (latest !== after) throw new PolicyConflictError(pair, after, latest);
  const version: PolicyVersion = {
    version: latest + 1,
    date: new Date().toISOString(),
    change: policy.change,
    from: policy.from.slice(0, MAX_FROM),
    operating_point: policy.operating_point,
    sha256: sha256(policy.text),
    ...(policy.restores !== undefined && { restores: policy.restores }),
  };
  return {
    version,
    history: [version, ...history].slice(0, AUDITED_VERSIONS),
    dropped: latest >= KEPT_VERSIONS ? version.version - KEPT_VERSIONS : undefined,
  };
}

/**
 * SHA-256 of a text in UTF-8.
 *
 * @param text The text.
 * @returns 64 hex digits.
 */
export function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
