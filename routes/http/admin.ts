import type { Context, MiddlewareHandler } from "hono";
import { bearerAuth } from "hono/bearer-auth";
import { HTTPException } from "hono/http-exception";
import { timingSafeEqual } from "hono/utils/buffer";

/** Who calls, for the audit trail. */
const CALLER = "caller";

const HOW = "set SLUICE_ADMIN_TOKEN in the server's environment, to one token or to several " +
  "separated by commas, start it again, and send `Authorization: Bearer <token>`";

/**
 * Lets through only who has a token.
 *
 * @param tokens The tokens; without any the answer is 403, which says how to set one.
 * @returns The middleware.
 */
export function requireToken(tokens: readonly string[]): MiddlewareHandler {
  if (tokens.length === 0) {
    return () => {
      const message = `changes are off because no token is configured: ${HOW}`;
      return Promise.reject(new HTTPException(403, { message }));
    };
  }
  // Thrown rather than returned, which would make the body a stream; see routes/middleware.ts.
  const refuse = (message: string, challenge: string) => (c: Context): never => {
    c.header("www-authenticate", `Bearer ${challenge}`);
    throw new HTTPException(401, { message });
  };
  return bearerAuth({
    verifyToken: async (token, c) => {
      const equal = await Promise.all(tokens.map((known) => timingSafeEqual(known, token)));
      const index = equal.indexOf(true);
      if (index < 0) return false;
      const which = tokens.length > 1 ? `, token ${index + 1}` : "";
      c.set(CALLER, `${addressOf(c)}${which}`);
      return true;
    },
    noAuthenticationHeader: {
      message: refuse(
        "no token is given, expected `Authorization: Bearer <token>`",
        'realm="sluice"',
      ),
    },
    invalidAuthenticationHeader: {
      message: refuse(
        "the header Authorization is not understood, expected `Bearer <token>`",
        'error="invalid_request"',
      ),
    },
    invalidToken: {
      message: refuse("the token is not one of SLUICE_ADMIN_TOKEN", 'error="invalid_token"'),
    },
  });
}

/** Who called, once {@linkcode requireToken} has let him through. */
export function callerOf(c: Context): string {
  return `REST, ${c.get(CALLER)}`;
}

/** `Deno.serve` tells the address; other hosts need not. */
function addressOf(c: Context): string {
  const { remoteAddr } = (c.env ?? {}) as { remoteAddr?: { hostname?: string } };
  return remoteAddr?.hostname ?? "unknown address";
}
