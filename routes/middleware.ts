import type { Hono, MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import { cors } from "hono/cors";
import { HTTPException } from "hono/http-exception";
import { methodNotAllowed } from "hono/method-not-allowed";
import type { Registry } from "../registry/mod.ts";
import { problemResponse } from "./http/problem.ts";
import { JSON_LENGTH } from "./oip/mod.ts";

/** Headers that scripts of other origins may read. */
const EXPOSED_HEADERS = [
  "ETag",
  JSON_LENGTH,
  "Retry-After",
  "Server-Timing",
  "Sluice-Degraded",
  "Sluice-Operating-Point",
  "Sluice-Policy",
  "Sluice-Route",
  "X-Request-Id",
];

/** What answers until the end. */
const UNTIL_THE_END = /^\/(healthz|metrics|v2\/health\/)/;

/** Routes that read bodies of their own limit, and answer with the reason of a refusal. */
const OWN_LIMIT =
  /^(PUT \/v1\/pairs\/[^/]+\/policy(\/canary)?|POST \/v1\/pairs\/[^/]+\/policy\/validate)$/;

/**
 * Refuses methods that a path does not take, and names those that it does.
 *
 * @param app The app, for its routes.
 * @returns The middleware.
 */
export function refuseOtherMethods(app: Hono): MiddlewareHandler {
  return methodNotAllowed({
    app,
    onMethodNotAllowed: (c, methods) => {
      const allow = methods.join(", ");
      const detail = `${c.req.path} does not take ${c.req.method}, expected ${allow}`;
      const response = problemResponse(new HTTPException(405, { message: detail }), c);
      response.headers.set("allow", allow);
      return response;
    },
  });
}

/**
 * Lets scripts of other origins call.
 *
 * @param origins The origins; `*` for any.
 * @returns The middleware.
 */
export function allowOrigins(origins: readonly string[]): MiddlewareHandler {
  const origin = origins.includes("*") ? "*" : [...origins];
  return cors({ origin, exposeHeaders: EXPOSED_HEADERS });
}

/**
 * Refuses what comes once the server is about to stop, but for health and metrics.
 *
 * @param registry Knows whether it is.
 * @returns The middleware.
 */
export function refuseWhileStopping(registry: Registry): MiddlewareHandler {
  return (c, next) => {
    if (!registry.draining || UNTIL_THE_END.test(c.req.path)) return next();
    throw new HTTPException(503, {
      message: "the server is about to stop; another one may answer",
    });
  };
}

/**
 * Refuses large bodies.
 *
 * @param maxBodyBytes The most bytes that one may have.
 * @returns The middleware.
 */
export function limitBodies(maxBodyBytes: number): MiddlewareHandler {
  const limited = bodyLimit({
    maxSize: maxBodyBytes,
    onError: () => {
      const message = `the body is larger than ${maxBodyBytes} bytes`;
      throw new HTTPException(413, { message });
    },
  });
  return (c, next) => {
    return OWN_LIMIT.test(`${c.req.method} ${c.req.path}`) ? next() : limited(c, next);
  };
}

/**
 * Keeps answers from caches.
 *
 * Before they are made, because to change a response its body is made a stream: sent while the request's
 * own body has not been read to its end, that is cut off by Deno 2.5. And not transformed: Deno 2.5
 * compresses by itself, and makes a weak tag of a strong one, which If-Match never takes.
 */
export const keepFromCaches: MiddlewareHandler = async (c, next) => {
  c.header("cache-control", "no-store, no-transform");
  await next();
};
