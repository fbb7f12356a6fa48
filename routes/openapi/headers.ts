import { z } from "zod";

/** Headers of answers, under the names that descriptions use. */
const HEADERS = {
  cacheControl: ["Cache-Control", "Whether caches may keep the answer."],
  canaryShare: ["Sluice-Canary-Share", "Share of the requests that the canary answers."],
  degraded: ["Sluice-Degraded", "Nodes that the policy chose and that were not available."],
  etag: ["ETag", "Strong tag of this version of the policy, for If-Match."],
  jsonLength: [
    "Inference-Header-Content-Length",
    "Length in bytes of the JSON before binary data; without it the body is JSON.",
  ],
  lastModified: ["Last-Modified", "When this version was stored."],
  operatingPoint: ["Sluice-Operating-Point", "The operating point of the policy that answered."],
  policy: ["Sluice-Policy", "The policy that answered, with its version, such as `mnist@3`."],
  requestId: ["X-Request-Id", "That of the request, or a new one. Feedback goes by it."],
  retryAfter: ["Retry-After", "Seconds after which another try may succeed."],
  route: [
    "Sluice-Route",
    "Nodes that ran, such as `small>large`, one list for each item; left out of large batches.",
  ],
  timing: ["Server-Timing", "Milliseconds by node (`small;dur=0.4`), of decoding, and in all."],
  wwwAuthenticate: ["WWW-Authenticate", "The scheme that is expected (RFC 6750)."],
} as const satisfies Record<string, readonly [name: string, description: string]>;

/** Names a header of answers. */
export type HeaderName = keyof typeof HEADERS;

/** Headers that an answer may lack although it is described with them. */
const OPTIONAL: readonly HeaderName[] = [
  "degraded",
  "jsonLength",
  "operatingPoint",
  "retryAfter",
  "route",
  "timing",
];

/**
 * Describes the headers of an answer, with that of every answer.
 *
 * @param names The headers.
 * @returns A schema of the headers by their names.
 */
export function headers(...names: readonly HeaderName[]): z.ZodObject {
  return z.object(Object.fromEntries([...names, "requestId" as const].map((key) => {
    const [name, description] = HEADERS[key];
    if (OPTIONAL.includes(key)) return [name, z.string().optional().describe(description)];
    return [name, z.string().meta({ description, header: { id: name } })];
  })));
}
