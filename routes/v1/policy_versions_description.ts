import { z } from "zod";
import { policyDocumentSchema } from "../../policies/mod.ts";
import { POLICY_CHANGES } from "../../policies/stores/mod.ts";
import { answer } from "../openapi/answers.ts";
import type { Operation } from "../openapi/documented.ts";
import { headers } from "../openapi/headers.ts";
import { CHANGE_PROBLEMS, JSON_PROBLEMS, PAIR_PROBLEMS } from "../openapi/problems.ts";
import { NEEDS_TOKEN, pairPath, preconditionHeaders } from "../openapi/requests.ts";
import { changeAnswers, VERSION_HEADERS } from "./policy_change_description.ts";

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
