import { z } from "zod";
import type { ZodOpenApiResponseObject } from "zod-openapi";
import { POLICY_CHANGES } from "../../policies/stores/mod.ts";
import { policyDocumentSchema } from "../../policies/schema.ts";
import { answer, empty } from "../openapi/answers.ts";
import type { Operation } from "../openapi/documented.ts";
import { headers } from "../openapi/headers.ts";
import { PAIR_PROBLEMS, TOKEN_PROBLEMS } from "../openapi/problems.ts";
import { NEEDS_TOKEN, pairPath, preconditionHeaders } from "../openapi/requests.ts";
import { changeSchema, dryRunMembers } from "./dry_run_schema.ts";

/** The body of a choice of an operating point. */
export const choiceSchema: z.ZodType<{ active: string }> = z.strictObject({
  active: z.string().describe("Id of a point of the document, or `always:<node>`."),
});

/** The body of a rollback. */
export const rollbackSchema: z.ZodType<{ version?: number | undefined }> = z.strictObject({
  version: z.int().min(1).optional().describe(
    "The version to go back to; the one before unless given.",
  ),
});

/** The number of a version, in a path. */
export const versionSchema: z.ZodType<number> = z.coerce.number().int().min(1)
  .describe("Counts the pair's activations from 1.");

const versionInfoSchema = z.strictObject({
  policy: z.string(),
  version: z.int(),
  date: z.iso.datetime(),
  change: z.enum(POLICY_CHANGES),
  from: z.string().describe("From where: a file, or the address of a caller."),
  operating_point: z.string(),
  sha256: z.string(),
  restores: z.int().optional().describe("The version that a rollback brought back."),
  etag: z.string(),
  kept: z.boolean().describe("Whether its document can still be had."),
}).meta({ id: "PolicyVersion" });

const versionsSchema = z.strictObject({
  pair: z.string(),
  serves: z.strictObject({ policy: z.string(), operating_point: z.string().nullable() }),
  rejected: z.string().optional(),
  versions: z.array(versionInfoSchema).describe("The latest first."),
}).meta({ id: "PolicyVersions" });

const validSchema = z.strictObject({
  pair: z.string(),
  valid: z.literal(true),
  ...dryRunMembers,
}).meta({ id: "ValidPolicy" });

const VERSION_HEADERS = ["cacheControl", "etag", "lastModified", "policy"] as const;

/** Problems of documents that are sent. */
export const DOCUMENT_PROBLEMS = ["policyNotJson", "policyRefused"] as const;

/** Problems of whatever changes what is stored. */
export const CHANGE_PROBLEMS = [
  ...PAIR_PROBLEMS,
  ...TOKEN_PROBLEMS,
  "stale",
  "policyStore",
] as const;

/** Problems of bodies in JSON. */
export const JSON_PROBLEMS = ["badRequest", "bodyTooLarge", "invalidInput"] as const;

/** A body that is a policy document. */
export const policyBody: NonNullable<Operation["requestBody"]> = {
  required: true,
  description: "A policy document; at most 61,440 bytes.",
  content: { "application/json": { schema: policyDocumentSchema } },
};

/** The answers of a change that makes a version. */
export const changeAnswers: Record<200 | 201, ZodOpenApiResponseObject> = {
  200: answer("What serves now.", changeSchema, ...VERSION_HEADERS),
  201: answer("The first version, which serves now.", changeSchema, ...VERSION_HEADERS),
};

/** `GET /v1/pairs/{pair}/policy`. */
export const getPolicy: Operation = {
  operationId: "getPolicy",
  summary: "Get the policy document",
  tags: ["Policies"],
  requestParams: {
    path: pairPath,
    header: z.object({
      "If-None-Match": z.string().optional().describe("Tags of versions that are known already."),
    }),
  },
  responses: {
    200: answer("The latest document, as it was sent.", policyDocumentSchema, ...VERSION_HEADERS),
    304: empty("The latest document is one that is known already.", ...VERSION_HEADERS),
  },
  problems: [...PAIR_PROBLEMS, "noPolicy", "policyStore"],
};

/** `PUT /v1/pairs/{pair}/policy`. */
export const putPolicy: Operation = {
  operationId: "putPolicy",
  summary: "Replace the policy",
  description: "Needs If-Match, or If-None-Match: * where there is no policy yet.",
  tags: ["Policies"],
  security: NEEDS_TOKEN,
  requestParams: { path: pairPath, header: preconditionHeaders },
  requestBody: policyBody,
  responses: {
    ...changeAnswers,
  },
  problems: [...CHANGE_PROBLEMS, ...DOCUMENT_PROBLEMS, "preconditionRequired"],
};

/** `PATCH /v1/pairs/{pair}/policy`. */
export const patchPolicy: Operation = {
  operationId: "choosePoint",
  summary: "Choose an operating point",
  tags: ["Policies"],
  security: NEEDS_TOKEN,
  requestParams: { path: pairPath, header: preconditionHeaders },
  requestBody: { required: true, content: { "application/json": { schema: choiceSchema } } },
  responses: {
    200: changeAnswers[200],
  },
  problems: [...CHANGE_PROBLEMS, ...JSON_PROBLEMS, "noPolicy", "policyRefused"],
};

/** `POST /v1/pairs/{pair}/policy/validate`. */
export const validatePolicyDocument: Operation = {
  operationId: "validatePolicy",
  summary: "Validate a policy document, and try it on recent inputs",
  tags: ["Policies"],
  requestParams: { path: pairPath },
  requestBody: policyBody,
  responses: {
    200: answer("It could be put.", validSchema, "cacheControl"),
  },
  problems: [...PAIR_PROBLEMS, ...DOCUMENT_PROBLEMS],
};

/** `GET /v1/pairs/{pair}/policy/versions`. */
export const listVersions: Operation = {
  operationId: "listPolicyVersions",
  summary: "List the versions of the policy",
  tags: ["Policies"],
  requestParams: { path: pairPath },
  responses: {
    200: answer("All versions, without their documents.", versionsSchema, "cacheControl"),
  },
  problems: [...PAIR_PROBLEMS, "policyStore"],
};

/** `GET /v1/pairs/{pair}/policy/versions/{version}`. */
export const getVersion: Operation = {
  operationId: "getPolicyVersion",
  summary: "Get the document of a version",
  tags: ["Policies"],
  requestParams: { path: pairPath.extend({ version: versionSchema }) },
  responses: {
    200: {
      description: "The document, as it was sent.",
      headers: headers(...VERSION_HEADERS),
      content: { "application/json": { schema: policyDocumentSchema } },
    },
  },
  problems: [...PAIR_PROBLEMS, "notFound", "invalidInput", "policyStore"],
};

/** `POST /v1/pairs/{pair}/policy/rollback`. */
export const rollbackPolicy: Operation = {
  operationId: "rollbackPolicy",
  summary: "Go back to an earlier version",
  tags: ["Policies"],
  security: NEEDS_TOKEN,
  requestParams: { path: pairPath, header: preconditionHeaders },
  requestBody: { content: { "application/json": { schema: rollbackSchema } } },
  responses: {
    200: changeAnswers[200],
  },
  problems: [...CHANGE_PROBLEMS, ...JSON_PROBLEMS, "noPolicy", "policyRefused"],
};
