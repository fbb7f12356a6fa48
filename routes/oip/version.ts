import { HTTPException } from "hono/http-exception";

/**
 * The version of every pair. A pair is one set of networks, so there is one; what changes while a server
 * runs is the pair's policy, whose version every answer names.
 */
export const VERSION = "1";

/**
 * Refuses a version that does not exist.
 *
 * @param pair Name of the pair.
 * @param version The version in the path, if there is one.
 * @throws {HTTPException} 404; names the version that exists.
 */
export function checkVersion(pair: string, version: string | undefined): void {
  if (version === undefined || version === VERSION) return;
  throw new HTTPException(404, {
    message: `Cannot find version ${JSON.stringify(version)} of ${pair}: expected "${VERSION}"`,
  });
}
