import { z } from "zod";
import type { ZodOpenApiResponsesObject } from "zod-openapi";
import { type KindName, KINDS, type ProblemKind, problemType } from "../http/problem_kinds.ts";
import { type HeaderName, headers } from "./headers.ts";

/** Members that only some kinds have. */
const MEMBERS: Readonly<Record<string, z.ZodRawShape>> = {
  "invalid-input": { field: z.string().describe("The part of the request at fault.") },
  "plugin-failed": { field: z.string().describe("The function of the plugin that failed.") },
  "policy-refused": {
    stage: z.enum(["parse", "schema", "bind", "dry_run"]).describe("The step that refused it."),
    pointer: z.string().describe("JSON pointer to the member at fault; empty for the document."),
    reason: z.string().describe("What is wrong with that member."),
  },
};

/** A schema for each kind of problem. */
export const problemSchemas: ReadonlyMap<KindName, z.ZodType> = new Map(
  (Object.keys(KINDS) as KindName[]).map((name) => [name, problemSchema(name, KINDS[name])]),
);

function problemSchema(name: KindName, kind: ProblemKind): z.ZodType {
  return z.strictObject({
    type: z.literal(problemType(kind)),
    title: z.literal(kind.title),
    status: z.literal(kind.status),
    detail: z.string().describe("What happened and what was expected."),
    error: z.string().describe("As `detail`, under the name of the Open Inference Protocol."),
    ...MEMBERS[kind.slug],
  }).meta({ id: `${name.charAt(0).toUpperCase()}${name.slice(1)}Problem` });
}

/**
 * Describes the problems that an operation may answer with.
 *
 * @param names Their kinds.
 * @param extra Headers that they may have.
 * @returns One response for each status.
 */
export function problems(
  names: readonly KindName[],
  extra: readonly HeaderName[],
): ZodOpenApiResponsesObject {
  const byStatus = Map.groupBy([...new Set(names)], (name) => KINDS[name].status);
  return Object.fromEntries(
    [...byStatus].map(([status, names]) => [String(status), problemResponse(names, extra)]),
  );
}

function problemResponse(names: readonly KindName[], extra: readonly HeaderName[]) {
  const kinds: readonly ProblemKind[] = names.map((name) => KINDS[name]);
  const schemas = names.map((name) => problemSchemas.get(name) as z.ZodType);
  const isToRetry = kinds.some(({ retryAfterSeconds }) => retryAfterSeconds !== undefined);
  const titles = [...new Set(kinds.map(({ title, slug }) => `${title} (\`${slug}\`)`))];
  return {
    description: titles.join(", or "),
    headers: headers(
      ...extra,
      ...(isToRetry ? ["retryAfter"] as const : []),
      ...(names.includes("unauthorized") ? ["wwwAuthenticate"] as const : []),
    ),
    content: {
      "application/problem+json": {
        schema: schemas.length === 1 ? schemas[0] as z.ZodType : z.union(schemas),
      },
    },
  };
}

/** Problems of operations about a pair. */
export const PAIR_PROBLEMS = ["unknownPair", "pairFailed", "pairLoading"] as const;

/** Problems of operations that run networks. */
export const INFERENCE_PROBLEMS = [
  ...PAIR_PROBLEMS,
  "badRequest",
  "bodyTooLarge",
  "unsupportedMediaType",
  "invalidInput",
  "queueFull",
  "nodeUnavailable",
  "pluginFailed",
  "workerCrashed",
  "cancelled",
] as const;

/** Problems of operations that need a token. */
export const TOKEN_PROBLEMS = ["unauthorized", "changesOff"] as const;

/** Problems of whatever changes what is stored. */
export const CHANGE_PROBLEMS = [
  ...PAIR_PROBLEMS,
  ...TOKEN_PROBLEMS,
  "stale",
  "policyStore",
] as const;

/** Problems of policy documents that are sent. */
export const DOCUMENT_PROBLEMS = ["policyNotJson", "policyRefused"] as const;

/** Problems of bodies in JSON. */
export const JSON_PROBLEMS = ["badRequest", "bodyTooLarge", "invalidInput"] as const;
