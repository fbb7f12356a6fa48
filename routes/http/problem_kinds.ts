/** A kind of problem: what all its occurrences have in common. */
export interface ProblemKind {
  /** The HTTP status. */
  readonly status: number;
  /** Last part of the problem's type. */
  readonly slug: string;
  /** The kind in words. */
  readonly title: string;
  /** When another try may succeed. */
  readonly retryAfterSeconds?: number;
}

/** Every kind of problem that there is; the OpenAPI document lists them by this table. */
export const KINDS = {
  badRequest: { status: 400, slug: "bad-request", title: "Request not understood" },
  policyNotJson: { status: 400, slug: "policy-refused", title: "Policy refused" },
  unauthorized: { status: 401, slug: "unauthorized", title: "Token missing or wrong" },
  changesOff: { status: 403, slug: "changes-off", title: "Changes are off" },
  notFound: { status: 404, slug: "not-found", title: "No such resource" },
  unknownPair: { status: 404, slug: "unknown-pair", title: "Unknown pair" },
  unknownRequest: { status: 404, slug: "unknown-request", title: "Unknown request" },
  noPolicy: { status: 404, slug: "no-policy", title: "No policy document" },
  methodNotAllowed: { status: 405, slug: "method-not-allowed", title: "Method not allowed" },
  stale: { status: 412, slug: "stale", title: "Changed in between" },
  bodyTooLarge: { status: 413, slug: "body-too-large", title: "Request body too large" },
  unsupportedMediaType: {
    status: 415,
    slug: "unsupported-media-type",
    title: "Unsupported media type",
  },
  invalidInput: { status: 422, slug: "invalid-input", title: "Input does not fit" },
  policyRefused: { status: 422, slug: "policy-refused", title: "Policy refused" },
  preconditionRequired: {
    status: 428,
    slug: "precondition-required",
    title: "Precondition required",
  },
  pluginFailed: { status: 500, slug: "plugin-failed", title: "Plugin failed" },
  internal: { status: 500, slug: "internal", title: "Internal error" },
  policyStore: { status: 503, slug: "policy-store", title: "Policies cannot be stored" },
  pairFailed: { status: 503, slug: "pair-not-ready", title: "Pair not ready" },
  pairLoading: {
    status: 503,
    slug: "pair-not-ready",
    title: "Pair not ready",
    retryAfterSeconds: 1,
  },
  queueFull: { status: 503, slug: "queue-full", title: "Queue full", retryAfterSeconds: 1 },
  nodeUnavailable: {
    status: 503,
    slug: "node-unavailable",
    title: "Node not available",
    retryAfterSeconds: 1,
  },
  workerCrashed: {
    status: 503,
    slug: "worker-crashed",
    title: "Worker crashed",
    retryAfterSeconds: 1,
  },
  stopping: {
    status: 503,
    slug: "stopping",
    title: "Server is stopping",
    retryAfterSeconds: 1,
  },
  cancelled: { status: 503, slug: "cancelled", title: "Request cancelled" },
} as const satisfies Readonly<Record<string, ProblemKind>>;

/** Names a kind of problem. */
export type KindName = keyof typeof KINDS;

/** The URN by which a problem document names its kind. */
export function problemType({ slug }: Pick<ProblemKind, "slug">): string {
  return `urn:sluice:problem:${slug}`;
}
