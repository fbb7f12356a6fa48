import { z } from "zod";
import {
  certificateSchema,
  costBoundSchema,
  disagreementSchema,
  expectedSchema,
} from "../../policies/mod.ts";
import { imageSpecSchema, inputSpecSchema } from "../../registry/mod.ts";
import { answer, costUnit } from "../openapi/answers.ts";
import type { Operation } from "../openapi/documented.ts";
import { pairPath } from "../openapi/requests.ts";

const modelSchema = z.strictObject({
  backend: z.string().describe("What runs it."),
  backend_reason: z.string().optional().describe("Why another backend runs it than is declared."),
  sha256: z.string(),
  unavailable: z.string().optional().describe("Why it cannot run now."),
  bytes: z.int().optional().describe("Left out where the model is elsewhere."),
  cost: z.number().nullable().describe("Of one item: stated by the plugin or measured."),
  cost_unit: costUnit,
});

const servedPolicySchema = z.strictObject({
  name: z.string().describe("With its version, or `always:<node>`."),
  operating_point: z.string().nullable(),
  certified: z.boolean().optional(),
  operating_points: z.array(z.string()).optional(),
  expected: expectedSchema.optional(),
  certificates: z.array(certificateSchema).optional(),
  cost_bound: costBoundSchema.optional(),
  disagreement: disagreementSchema.optional(),
  measured: z.string().optional(),
  rejected: z.string().optional().describe("Why the stored document does not serve."),
});

const summarySchema = z.strictObject({
  name: z.string(),
  status: z.enum(["loading", "ready", "failed"]),
  reason: z.string().optional().describe("Why it failed."),
  description: z.string().optional(),
  graph: z.record(z.string(), z.array(z.string())).nullable()
    .describe("Which node may follow which."),
  models: z.record(z.string(), modelSchema).nullable(),
  policy: servedPolicySchema.nullable(),
}).meta({ id: "PairSummary" });

const pairSchema = summarySchema.extend({
  labels: z.array(z.string()).optional().describe("In the order of the logits."),
  input: inputSpecSchema.optional(),
  image: imageSpecSchema.meta({ id: "ImageSpec" }).nullable().optional(),
}).meta({ id: "Pair" });

/** `GET /v1/pairs`. */
export const listPairs: Operation = {
  operationId: "listPairs",
  summary: "List the pairs",
  tags: ["Pairs"],
  responses: {
    200: answer("All pairs.", z.strictObject({ pairs: z.array(summarySchema) }), "cacheControl"),
  },
};

/** `GET /v1/pairs/{pair}`. */
export const getPair: Operation = {
  operationId: "getPair",
  summary: "Show a pair",
  tags: ["Pairs"],
  requestParams: { path: pairPath },
  responses: {
    200: answer(
      "The pair; without labels and input until it is ready.",
      pairSchema,
      "cacheControl",
    ),
  },
  problems: ["unknownPair"],
};
