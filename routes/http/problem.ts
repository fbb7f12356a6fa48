import type { Context } from "hono";
import { HTTPException } from "hono/http-exception";
import {
  InvalidInputError,
  NodeUnavailableError,
  NoPolicyError,
  PairNotReadyError,
  PluginCodeError,
  QueueFullError,
  UnknownPairError,
  UnknownRequestError,
  WorkerCrashError,
} from "../../registry/mod.ts";
import { PolicyError } from "../../policies/mod.ts";
import { PolicyConflictError, PolicyStoreError } from "../../policies/stores/mod.ts";
import { KINDS, type ProblemKind, problemType } from "./problem_kinds.ts";
import { PROBLEM } from "./telemetry.ts";

/** A problem document (RFC 9457) that is an Open Inference Protocol error as well. */
export interface ProblemDocument {
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
  /** The part of the request at fault, for input that does not fit; of the plugin, if that failed. */
  readonly field?: string;
  /** The step at which a policy was refused: `parse`, `schema`, `bind` or `dry_run`. */
  readonly stage?: string;
  /** RFC 6901 pointer to the member of the policy at fault; empty for the whole document. */
  readonly pointer?: string;
  /** What is wrong with that member. */
  readonly reason?: string;
}

/** The kinds of what is thrown as an `HTTPException`, by status. */
const STATUS_KINDS: Readonly<Record<number, ProblemKind>> = {
  400: KINDS.badRequest,
  401: KINDS.unauthorized,
  403: KINDS.changesOff,
  404: KINDS.notFound,
  405: KINDS.methodNotAllowed,
  412: KINDS.stale,
  413: KINDS.bodyTooLarge,
  415: KINDS.unsupportedMediaType,
  428: KINDS.preconditionRequired,
  503: KINDS.stopping,
};

/** The one place that knows which status an error has. */
function kindOf(error: unknown): ProblemKind {
  if (error instanceof UnknownPairError) return KINDS.unknownPair;
  if (error instanceof UnknownRequestError) return KINDS.unknownRequest;
  if (error instanceof NoPolicyError) return KINDS.noPolicy;
  if (error instanceof PolicyError) {
    // What is not JSON is a bad request; what is JSON but no fit policy is not.
    const isNotJson = error.stage === "parse" && error.cause !== undefined;
    return isNotJson ? KINDS.policyNotJson : KINDS.policyRefused;
  }
  if (error instanceof PolicyConflictError) return KINDS.stale;
  if (error instanceof PolicyStoreError) return KINDS.policyStore;
  if (error instanceof InvalidInputError) return KINDS.invalidInput;
  if (error instanceof PluginCodeError) return KINDS.pluginFailed;
  if (error instanceof PairNotReadyError) {
    return error.loading ? KINDS.pairLoading : KINDS.pairFailed;
  }
  if (error instanceof QueueFullError) return KINDS.queueFull;
  if (error instanceof NodeUnavailableError) return KINDS.nodeUnavailable;
  if (error instanceof WorkerCrashError) return KINDS.workerCrashed;
  // Nobody reads this answer: the client is gone, and its request has left the queue.
  if (error instanceof DOMException && error.name === "AbortError") return KINDS.cancelled;
  if (error instanceof HTTPException) return STATUS_KINDS[error.status] ?? KINDS.internal;
  return KINDS.internal;
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
  const detail = kind === KINDS.internal
    ? "The server could not answer; its log says why"
    : (error as Error).message;
  const problem: ProblemDocument = {
    type: problemType(kind),
    title: kind.title,
    status: kind.status,
    detail,
    error: detail,
    ...(error instanceof InvalidInputError || error instanceof PluginCodeError
      ? { field: error.field }
      : {}),
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
