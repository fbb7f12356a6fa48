import { z } from "zod";
import type { ZodOpenApiResponseObject } from "zod-openapi";
import { policyDocumentSchema } from "../../policies/mod.ts";
import { answer, costUnit } from "../openapi/answers.ts";
import type { Operation } from "../openapi/documented.ts";

/** A body that is a policy document. */
export const policyBody: NonNullable<Operation["requestBody"]> = {
  required: true,
  description: "A policy document; at most 61,440 bytes.",
  content: { "application/json": { schema: policyDocumentSchema } },
};

/** What a policy would have done with the inputs that the networks answered lately. */
export const dryRunMembers = {
  operating_point: z.string(),
  certified: z.boolean(),
  dry_run: z.strictObject({
    n: z.int().describe("Number of inputs."),
    points: z.array(z.strictObject({
      id: z.string(),
      cost: z.number().nullable(),
      cost_unit: costUnit,
      paths: z.record(z.string(), z.number()).describe("Share of the inputs by path."),
    })),
  }),
} satisfies z.ZodRawShape;

const changeSchema = z.strictObject({
  pair: z.string(),
  policy: z.string().describe("The policy that serves now, with its version."),
  version: z.int(),
  changed: z.boolean().describe("Whether there was anything to change."),
  ...dryRunMembers,
}).meta({ id: "PolicyChange" });

/** Headers of answers about a version. */
export const VERSION_HEADERS = ["cacheControl", "etag", "lastModified", "policy"] as const;

/** The answers of a change that makes a version. */
export const changeAnswers: Record<200 | 201, ZodOpenApiResponseObject> = {
  200: answer("What serves now.", changeSchema, ...VERSION_HEADERS),
  201: answer("The first version, which serves now.", changeSchema, ...VERSION_HEADERS),
};
