/**
 * The HTTP interface: one sub-app a resource, errors mapped in one place.
 *
 * @module
 */

import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { cors } from "hono/cors";
import { HTTPException } from "hono/http-exception";
import { methodNotAllowed } from "hono/method-not-allowed";
import { requestId } from "hono/request-id";
import { canaryRoutes } from "./v1/canary.ts";
import { classifyRoutes } from "./v1/classify.ts";
import { feedbackRoutes } from "./v1/feedback.ts";
import { healthRoutes } from "./service/health.ts";
import { metricsRoutes } from "./service/metrics.ts";
import { JSON_LENGTH, oipRoutes } from "./oip/mod.ts";
import { documented, type ListedRoute } from "./openapi/documented.ts";
import { openApiRoutes } from "./service/openapi.ts";
import { getIndex } from "./service/description.ts";
import { pairRoutes } from "./v1/pairs.ts";
import { policyRoutes } from "./v1/policy.ts";
import { problemResponse } from "./http/problem.ts";
import { reportRoutes } from "./v1/report.ts";
import type { Services } from "./http/services.ts";
import { tellAnswers } from "./http/telemetry.ts";

export { type ListedRoute } from "./openapi/documented.ts";
export { KINDS as PROBLEM_KINDS } from "./http/problem_kinds.ts";
export { type Limits, type Services } from "./http/services.ts";
export { type AnsweredRequest, type Telemetry } from "./http/telemetry.ts";

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
  const { corsOrigins, maxBodyBytes } = services.config;
  const app = new Hono();
  app.onError(problemResponse);
  app.notFound((c) => {
    const detail = `there is nothing at ${c.req.path}; GET / lists what there is`;
    return problemResponse(new HTTPException(404, { message: detail }), c);
  });
  app.use(requestId());
  app.use(tellAnswers(services.telemetry, services.registry));
  app.use(methodNotAllowed({
    app,
    onMethodNotAllowed: (c, methods) => {
      const allow = methods.join(", ");
      const detail = `${c.req.path} does not take ${c.req.method}, expected ${allow}`;
      const response = problemResponse(new HTTPException(405, { message: detail }), c);
      response.headers.set("allow", allow);
      return response;
    },
  }));
  if (corsOrigins.length > 0) {
    const origin = corsOrigins.includes("*") ? "*" : [...corsOrigins];
    app.use(cors({ origin, exposeHeaders: EXPOSED_HEADERS }));
  }
  app.use((c, next) => {
    if (!services.registry.draining || UNTIL_THE_END.test(c.req.path)) return next();
    throw new HTTPException(503, {
      message: "the server is about to stop; another one may answer",
    });
  });
  const limited = bodyLimit({
    maxSize: maxBodyBytes,
    onError: () => {
      const message = `the body is larger than ${maxBodyBytes} bytes`;
      throw new HTTPException(413, { message });
    },
  });
  app.use((c, next) => {
    return OWN_LIMIT.test(`${c.req.method} ${c.req.path}`) ? next() : limited(c, next);
  });
  app.get("/", documented(getIndex), (c) =>
    c.json({
      name: "sluice",
      links: {
        pairs: "/v1/pairs",
        health: "/healthz",
        metrics: "/metrics",
        open_inference_protocol: "/v2",
        openapi: "/openapi.json",
        docs: "/docs",
      },
    }));
  app.route("/", healthRoutes());
  app.route("/", metricsRoutes(services.telemetry));
  app.route("/v1/pairs", pairRoutes(services));
  app.route("/v1/pairs", classifyRoutes(services));
  app.route("/v1/pairs", policyRoutes(services));
  app.route("/v1/pairs", canaryRoutes(services));
  app.route("/v1/pairs", feedbackRoutes(services));
  app.route("/v1/pairs", reportRoutes(services));
  app.route("/v2", oipRoutes(services));
  app.route("/", openApiRoutes(app));
  return app;
}
