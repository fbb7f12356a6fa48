import type { Context } from "hono";
import { HTTPException } from "hono/http-exception";
import type { LoadedPair, Registry } from "../../registry/mod.ts";

/**
 * The version of every pair. A pair is one set of networks, so there is one; what changes while a server
 * runs is the pair's policy, whose version every answer names.
 */
export const VERSION = "1";

/** The two paths of a model: without its version, and with it. */
export const MODEL_PATHS = ["/models/:model", "/models/:model/versions/:version"] as const;

/** One of them. */
export type ModelPath = (typeof MODEL_PATHS)[number];

/**
 * Finds the pair that a path names.
 *
 * @param c The request's context.
 * @param registry The pairs.
 * @returns The pair.
 * @throws {UnknownPairError} If there is no such pair.
 * @throws {HTTPException} 404 for a version that does not exist; names the one that does.
 * @throws {PairNotReadyError} If the pair is loading, or has failed.
 */
export function findModel(c: Context, registry: Registry): LoadedPair {
  const { model = "", version } = c.req.param() as { model?: string; version?: string };
  const { name } = registry.entry(model);
  if (version !== undefined && version !== VERSION) {
    throw new HTTPException(404, {
      message: `Cannot find version ${JSON.stringify(version)} of ${name}: expected "${VERSION}"`,
    });
  }
  return registry.get(model);
}
