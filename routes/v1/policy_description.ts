import { z } from "zod";
import { policyDocumentSchema } from "../../policies/mod.ts";
import { answer, empty } from "../openapi/answers.ts";
import type { Operation } from "../openapi/documented.ts";
import {
  CHANGE_PROBLEMS,
  DOCUMENT_PROBLEMS,
  JSON_PROBLEMS,
  PAIR_PROBLEMS,
} from "../openapi/problems.ts";
import { NEEDS_TOKEN, pairPath, preconditionHeaders } from "../openapi/requests.ts";
import {
  changeAnswers,
  dryRunMembers,
  policyBody,
  VERSION_HEADERS,
} from "./policy_change_description.ts";

/** The body of a choice of an operating point. */
export const choiceSchema: z.ZodType<{ active: string }> = z.strictObject({
  active: z.string().describe("Id of a point of the document, or `always:<node>`."),
});

const validSchema = z.strictObject({
  pair: z.string(),
  valid: z.literal(true),
  ...dryRunMembers,
}).meta({ id: "ValidPolicy" });

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
