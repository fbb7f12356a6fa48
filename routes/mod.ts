/**
 * The HTTP interface: one sub-app a resource, errors mapped in one place.
 *
 * @example Every kind of problem that an answer can name
 * ```ts
 * import { PROBLEM_KINDS } from "./mod.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const { status, title } = PROBLEM_KINDS.queueFull;
 * assertEquals([status, title], [503, "Queue full"]);
 * ```
 *
 * @module
 */

import { Hono } from "hono";
import { HTTPException } from "hono/http-exception";
import { requestId } from "hono/request-id";
import { problemResponse } from "./http/problem.ts";
import type { Services } from "./http/services.ts";
import { tellAnswers } from "./http/telemetry.ts";
import {
  allowOrigins,
  keepFromCaches,
  limitBodies,
  refuseOtherMethods,
  refuseWhileStopping,
} from "./middleware.ts";
import { oipRoutes } from "./oip/mod.ts";
import type { ListedRoute } from "./openapi/documented.ts";
import { healthRoutes } from "./service/health.ts";
import { linkRoutes } from "./service/links.ts";
import { metricsRoutes } from "./service/metrics.ts";
import { openApiRoutes } from "./service/openapi.ts";
import { canaryRoutes } from "./v1/canary.ts";
import { classifyRoutes } from "./v1/classify.ts";
import { feedbackRoutes } from "./v1/feedback.ts";
import { pairRoutes } from "./v1/pairs.ts";
import { policyRoutes } from "./v1/policy.ts";
import { policyVersionRoutes } from "./v1/policy_versions.ts";
import { reportRoutes } from "./v1/report.ts";

export { KINDS as PROBLEM_KINDS } from "./http/problem_kinds.ts";
export { type Limits, type Services } from "./http/services.ts";
export { type AnsweredRequest, type Telemetry } from "./http/telemetry.ts";
export { type ListedRoute } from "./openapi/documented.ts";

/** Answers HTTP requests. */
export interface App {
  /** Answers one request; `Deno.serve` tells from where it comes. */
  readonly fetch: (
    request: Request,
    info?: { readonly remoteAddr: Deno.Addr },
  ) => Response | Promise<Response>;
  /** Its routes, middleware included. */
  readonly routes: readonly ListedRoute[];
}

/**
 * Builds the app over running services.
 *
 * @param services The registry and the limits of requests.
 * @returns The app.
 */
export function createApp(services: Services): App {
  const { config: { corsOrigins, maxBodyBytes }, registry, telemetry } = services;
  const app = new Hono();
  app.onError(problemResponse);
  app.notFound((c) => {
    const detail = `there is nothing at ${c.req.path}; GET / lists what there is`;
    return problemResponse(new HTTPException(404, { message: detail }), c);
  });
  app.use(requestId());
  app.use(tellAnswers(telemetry, registry));
  app.use(refuseOtherMethods(app));
  if (corsOrigins.length > 0) app.use(allowOrigins(corsOrigins));
  app.use(refuseWhileStopping(registry));
  app.use(limitBodies(maxBodyBytes));
  app.route("/", linkRoutes());
  app.route("/", healthRoutes());
  app.route("/", metricsRoutes(telemetry));
  app.route("/v1/pairs", pairRoutes(services));
  app.route("/v1/pairs", classifyRoutes(services));
  // For what is mounted after it.
  app.use("/v1/pairs/*", keepFromCaches);
  app.route("/v1/pairs", policyRoutes(services));
  app.route("/v1/pairs", policyVersionRoutes(services));
  app.route("/v1/pairs", canaryRoutes(services));
  app.route("/v1/pairs", feedbackRoutes(services));
  app.route("/v1/pairs", reportRoutes(services));
  app.route("/v2", oipRoutes(services));
  app.route("/", openApiRoutes(app));
  return app;
}
