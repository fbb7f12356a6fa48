import type { Context } from "hono";
import type { PolicyVersion } from "../../policies/stores/mod.ts";
import type { Changed, ChangeOptions, DryRunResult } from "../../registry/mod.ts";
import { callerOf } from "../http/admin.ts";
import { round, showCost } from "../http/numbers.ts";
import { entityTag, readPrecondition } from "../http/precondition.ts";

/**
 * What the registry needs to know of a call that changes a policy.
 *
 * @param c The request's context, which has been let through.
 * @param required Whether a precondition must be given.
 * @returns From where the call comes, and its precondition.
 * @throws {HTTPException} 428 if what is required is not given.
 */
export function changeOptions(c: Context, required: boolean): ChangeOptions {
  return { from: callerOf(c), check: readPrecondition(c, required) };
}

/** The name of a version, as answers show it. */
export function nameOf(c: Context, { version }: Pick<PolicyVersion, "version">): string {
  return `${c.req.param("pair")}@${version}`;
}

/** Sets the headers of an answer about a version. */
export function setVersionHeaders(c: Context, version: PolicyVersion): void {
  c.header("etag", entityTag(version));
  c.header("sluice-policy", nameOf(c, version));
  c.header("last-modified", new Date(version.date).toUTCString());
}

/**
 * Answers a change.
 *
 * @param c The request's context.
 * @param changed What has become of it.
 * @returns The response: 201 for a pair's first version, else 200.
 */
export function sendChange(c: Context, { stored, isNew, dryRun }: Changed): Response {
  setVersionHeaders(c, stored);
  const status = isNew && stored.version === 1 ? 201 : 200;
  return c.json({
    pair: c.req.param("pair"),
    policy: nameOf(c, stored),
    version: stored.version,
    changed: isNew,
    ...describeDryRun(dryRun),
  }, status);
}

/** What a document would have done with recent inputs, as answers show it. */
export function describeDryRun({ operatingPoint, certified, n, costUnit, points }: DryRunResult) {
  return {
    operating_point: operatingPoint,
    certified,
    dry_run: {
      n,
      points: points.map(({ id, paths, cost }) => ({
        id,
        cost: showCost({ unit: costUnit }, cost),
        cost_unit: costUnit,
        paths: Object.fromEntries(Object.entries(paths).map(([key, share]) => [key, round(share)])),
      })),
    },
  };
}
