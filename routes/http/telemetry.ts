import type { Context, MiddlewareHandler } from "hono";
import { matchedRoutes } from "hono/route";
import type { Registry } from "../../registry/mod.ts";

/** An HTTP request and what became of it. */
export interface AnsweredRequest {
  /** The method; `OTHER` for one that HTTP does not define. */
  readonly method: string;
  /** The route that answered, such as `/v1/pairs/:pair/classify`; `none` where there is none. */
  readonly route: string;
  /** Status of the answer. */
  readonly status: number;
  /** Seconds until the answer began. */
  readonly seconds: number;
  /** Id of the request. */
  readonly id: string;
  /** The pair that was asked, if there is such a pair. */
  readonly pair?: string | undefined;
  /** The policy that answered. */
  readonly policy?: string | undefined;
  /** The way of each input, as in `Sluice-Route`. */
  readonly path?: string | undefined;
  /** Last part of the problem's type, for answers that are problem documents. */
  readonly problem?: string | undefined;
  /** What nobody expected, for a status of 500. */
  readonly error?: Error | undefined;
}

/** Is told what the server answers, and shows what it has counted. */
export interface Telemetry {
  /** Media type of the metrics. */
  readonly metricsType: string;
  /** The metrics as text. */
  metrics(): Promise<string>;
  /** Takes an answered request. */
  answered(request: AnsweredRequest): void;
}

/** Under which problem.ts notes the kind of problem. */
export const PROBLEM = "problem";

const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

/**
 * Tells of every request once it is answered. What others can choose freely never becomes a label: paths
 * are told as routes, and pairs that there are not, not at all.
 *
 * @param telemetry Is told.
 * @param registry Knows the pairs.
 * @returns The middleware; to be the first, but for the one that gives requests their id.
 */
export function tellAnswers(telemetry: Telemetry, registry: Registry): MiddlewareHandler {
  return async (c, next) => {
    const started = performance.now();
    await next();
    const header = (name: string) => c.res.headers.get(name) ?? undefined;
    telemetry.answered({
      method: METHODS.includes(c.req.method) ? c.req.method : "OTHER",
      route: routeOf(c),
      status: c.res.status,
      seconds: (performance.now() - started) / 1000,
      id: c.get("requestId"),
      pair: pairOf(c, registry),
      policy: header("sluice-policy"),
      path: header("sluice-route"),
      problem: c.get(PROBLEM),
      error: c.res.status === 500 ? c.error : undefined,
    });
  };
}

/** What has a star is a middleware; there may be some behind the route that answered. */
function routeOf(c: Context): string {
  return matchedRoutes(c).findLast(({ path }) => !path.includes("*"))?.path ?? "none";
}

function pairOf(c: Context, registry: Registry): string | undefined {
  const name = c.req.param("pair") ?? c.req.param("model");
  return registry.list().some((entry) => entry.name === name) ? name : undefined;
}
