import type { Context } from "hono";
import { HTTPException } from "hono/http-exception";
import {
  InvalidInputError,
  NodeUnavailableError,
  NoPolicyError,
  PairNotReadyError,
  QueueFullError,
  UnknownPairError,
  UnknownRequestError,
  WorkerCrashError,
} from "../registry/mod.ts";
import { PROBLEM } from "./telemetry.ts";
import { PolicyConflictError, PolicyError, PolicyStoreError } from "../policies/mod.ts";

/** A problem document (RFC 9457) that is an Open Inference Protocol error as well. */
export interface Problem {
  /** Identifies the kind of problem. */
  readonly type: string;
  /** The kind of problem in words; the same for every occurrence. */
  readonly title: string;
  /** The HTTP status. */
  readonly status: number;
  /** What happened this time and what was expected. */
  readonly detail: string;
  /** The same as `detail`, under the name that the Open Inference Protocol gives it. */
  readonly error: string;
  /** The part of the request at fault, for input that does not fit. */
  readonly field?: string;
  /** The step at which a policy was refused: `parse`, `schema`, `bind` or `dry_run`. */
  readonly stage?: string;
  /** RFC 6901 pointer to the member of the policy at fault; empty for the whole document. */
  readonly pointer?: string;
  /** What is wrong with that member. */
  readonly reason?: string;
}

interface Kind {
  readonly status: number;
  readonly slug: string;
  readonly title: string;
  readonly retryAfterSeconds?: number;
}

const STATUS_KINDS: Readonly<Record<number, Kind>> = {
  400: { status: 400, slug: "bad-request", title: "Request not understood" },
  401: { status: 401, slug: "unauthorized", title: "Token missing or wrong" },
  403: { status: 403, slug: "changes-off", title: "Changes are off" },
  404: { status: 404, slug: "not-found", title: "No such resource" },
  405: { status: 405, slug: "method-not-allowed", title: "Method not allowed" },
  412: { status: 412, slug: "stale", title: "Changed in between" },
  413: { status: 413, slug: "body-too-large", title: "Request body too large" },
  415: { status: 415, slug: "unsupported-media-type", title: "Unsupported media type" },
  428: { status: 428, slug: "precondition-required", title: "Precondition required" },
  503: { status: 503, slug: "stopping", title: "Server is stopping", retryAfterSeconds: 1 },
};

const INTERNAL: Kind = { status: 500, slug: "internal", title: "Internal error" };

/** The one place that knows which status an error has. */
function kindOf(error: unknown): Kind {
  if (error instanceof UnknownPairError) {
    return { status: 404, slug: "unknown-pair", title: "Unknown pair" };
  }
  if (error instanceof UnknownRequestError) {
    return { status: 404, slug: "unknown-request", title: "Unknown request" };
  }
  if (error instanceof NoPolicyError) {
    return { status: 404, slug: "no-policy", title: "No policy document" };
  }
  if (error instanceof PolicyError) {
    // What is not JSON is a bad request; what is JSON but no fit policy is not.
    const status = error.stage === "parse" && error.cause !== undefined ? 400 : 422;
    return { status, slug: "policy-refused", title: "Policy refused" };
  }
  if (error instanceof PolicyConflictError) return STATUS_KINDS[412] ?? INTERNAL;
  if (error instanceof PolicyStoreError) {
    return { status: 503, slug: "policy-store", title: "Policies cannot be stored" };
  }
  if (error instanceof InvalidInputError) {
    return { status: 422, slug: "invalid-input", title: "Input does not fit" };
  }
  if (error instanceof PairNotReadyError) {
    const kind = { status: 503, slug: "pair-not-ready", title: "Pair not ready" };
    return error.loading ? { ...kind, retryAfterSeconds: 1 } : kind;
  }
  if (error instanceof QueueFullError) {
    return { status: 503, slug: "queue-full", title: "Queue full", retryAfterSeconds: 1 };
  }
  if (error instanceof NodeUnavailableError) {
    const title = "Node not available";
    return { status: 503, slug: "node-unavailable", title, retryAfterSeconds: 1 };
  }
  if (error instanceof WorkerCrashError) {
    return { status: 503, slug: "worker-crashed", title: "Worker crashed", retryAfterSeconds: 1 };
  }
  // Nobody reads this answer: the client is gone, and its request has left the queue.
  if (error instanceof DOMException && error.name === "AbortError") {
    return { status: 503, slug: "cancelled", title: "Request cancelled" };
  }
  if (error instanceof HTTPException) return STATUS_KINDS[error.status] ?? INTERNAL;
  return INTERNAL;
}

/**
 * Answers with the problem document of an error. Details of unexpected errors go to the log only.
 *
 * @param error What was thrown.
 * @param c The request's context.
 * @returns The response.
 */
export function problemResponse(error: unknown, c: Context): Response {
  const kind = kindOf(error);
  c.set(PROBLEM, kind.slug);
  if (kind === INTERNAL) console.error(`${c.req.method} ${c.req.path}:`, error);
  const detail = kind === INTERNAL
    ? "The server could not answer; its log says why"
    : (error as Error).message;
  const problem: Problem = {
    type: `urn:sluice:problem:${kind.slug}`,
    title: kind.title,
    status: kind.status,
    detail,
    error: detail,
    ...(error instanceof InvalidInputError ? { field: error.field } : {}),
    ...(error instanceof PolicyError
      ? { stage: error.stage, pointer: error.pointer, reason: error.reason }
      : {}),
  };
  const headers = new Headers({
    "content-type": "application/problem+json",
    "cache-control": "no-store",
  });
  if (kind.retryAfterSeconds !== undefined) {
    headers.set("retry-after", String(kind.retryAfterSeconds));
  }
  return c.newResponse(JSON.stringify(problem), { status: kind.status as 500, headers });
}
