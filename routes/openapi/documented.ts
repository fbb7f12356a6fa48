import type { MiddlewareHandler } from "hono";
import type { ZodOpenApiOperationObject } from "zod-openapi";
import type { KindName } from "../http/problem_kinds.ts";

/** What a route takes and what it may answer. */
export interface Operation extends ZodOpenApiOperationObject {
  /** Kinds of problems, beside those of every operation. */
  readonly problems?: readonly KindName[];
  /** Whether even its problems have the header Server-Timing. */
  readonly isTimed?: boolean;
  /** Whether it answers until the server has stopped. */
  readonly isHealth?: boolean;
}

/** A route of the app, as Hono lists it. */
export interface ListedRoute {
  /** The method, in capitals; `ALL` for middleware. */
  readonly method: string;
  /** The path, with parameters as `:name`. */
  readonly path: string;
  /** What answers; routes have one entry for each of their handlers. */
  readonly handler: unknown;
}

/** A route and its description. */
export interface DocumentedRoute {
  /** The method, in lower case. */
  readonly method: string;
  /** The path, with parameters as `{name}`. */
  readonly path: string;
  /** Its description. */
  readonly operation: Operation;
}

const OPERATIONS = new WeakMap<object, Operation>();

/**
 * Describes the route that it is a part of.
 *
 * @param operation The description.
 * @returns A middleware that does nothing.
 */
export function documented(operation: Operation): MiddlewareHandler {
  const middleware: MiddlewareHandler = (_, next) => next();
  OPERATIONS.set(middleware, operation);
  return middleware;
}

/**
 * Finds the routes that are described.
 *
 * @param routes All routes of the app.
 * @returns Those with a description, in the same order.
 */
export function documentedRoutes(routes: readonly ListedRoute[]): DocumentedRoute[] {
  return routes.flatMap(({ method, path, handler }) => {
    const operation = OPERATIONS.get(handler as object);
    if (!operation) return [];
    return [{ method: method.toLowerCase(), path: path.replace(/:(\w+)/g, "{$1}"), operation }];
  });
}
