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
import { NEEDS_TOKEN, pairPath } from "../openapi/requests.ts";
import { changeAnswers, dryRunMembers, policyBody } from "./policy_change_description.ts";

/** The body of a change of the canary's share. */
export const shareSchema: z.ZodType<{ share: string | number }> = z.strictObject({
  share: z.union([z.string(), z.number()], "expected a share such as 10% or 0.1")
    .describe("Above 0, such as `10%` or 0.1."),
});

const canaryMembers = {
  pair: z.string(),
  canary: z.string().describe("Name of the canary, as answers show it."),
  share: z.number().gt(0).max(1),
} satisfies z.ZodRawShape;

const canarySchema = z.strictObject(canaryMembers).meta({ id: "Canary" });
const triedCanarySchema = z.strictObject({ ...canaryMembers, ...dryRunMembers })
  .meta({ id: "TriedCanary" });

const CANARY_HEADERS = ["cacheControl", "canaryShare", "policy"] as const;

/** `GET /v1/pairs/{pair}/policy/canary`. */
export const getCanary: Operation = {
  operationId: "getCanary",
  summary: "Get the canary's document",
  tags: ["Canary"],
  requestParams: { path: pairPath },
  responses: {
    200: answer("The document, as it was sent.", policyDocumentSchema, ...CANARY_HEADERS),
  },
  problems: [...PAIR_PROBLEMS, "noPolicy", "policyStore"],
};

/** `PUT /v1/pairs/{pair}/policy/canary`. */
export const putCanary: Operation = {
  operationId: "putCanary",
  summary: "Answer a share of the requests with another document",
  tags: ["Canary"],
  security: NEEDS_TOKEN,
  requestParams: {
    path: pairPath,
    query: z.object({
      share: z.string().optional().describe("Such as `10%` or 0.1; 10% unless given."),
    }),
  },
  requestBody: policyBody,
  responses: {
    200: answer("The canary.", triedCanarySchema, ...CANARY_HEADERS),
  },
  problems: [...CHANGE_PROBLEMS, ...DOCUMENT_PROBLEMS, "invalidInput"],
};

/** `PATCH /v1/pairs/{pair}/policy/canary`. */
export const shareCanary: Operation = {
  operationId: "shareCanary",
  summary: "Change the canary's share",
  tags: ["Canary"],
  security: NEEDS_TOKEN,
  requestParams: { path: pairPath },
  requestBody: { required: true, content: { "application/json": { schema: shareSchema } } },
  responses: {
    200: answer("The canary.", canarySchema, ...CANARY_HEADERS),
  },
  problems: [...CHANGE_PROBLEMS, ...JSON_PROBLEMS, "noPolicy"],
};

/** `DELETE /v1/pairs/{pair}/policy/canary`. */
export const dropCanary: Operation = {
  operationId: "dropCanary",
  summary: "End the canary",
  tags: ["Canary"],
  security: NEEDS_TOKEN,
  requestParams: { path: pairPath },
  responses: {
    204: empty("There is no canary any longer.", "cacheControl"),
  },
  problems: [...CHANGE_PROBLEMS, "noPolicy", "bodyTooLarge"],
};

/** `POST /v1/pairs/{pair}/policy/canary/promote`. */
export const promoteCanary: Operation = {
  operationId: "promoteCanary",
  summary: "Make the canary the policy",
  tags: ["Canary"],
  security: NEEDS_TOKEN,
  requestParams: { path: pairPath },
  responses: {
    ...changeAnswers,
  },
  problems: [...CHANGE_PROBLEMS, "noPolicy", "policyRefused", "bodyTooLarge"],
};
