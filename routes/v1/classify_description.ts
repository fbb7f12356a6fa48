import { z } from "zod";
import { costUnit } from "../openapi/answers.ts";
import type { Operation } from "../openapi/documented.ts";
import { headers } from "../openapi/headers.ts";
import { INFERENCE_PROBLEMS } from "../openapi/problems.ts";
import { inferenceHeaders, pairPath } from "../openapi/requests.ts";

/** An item as a tensor. The shape and the elements are checked against the pair. */
export const tensorBodySchema: z.ZodType<{ shape: number[]; data?: unknown }> = z.object({
  shape: z.array(z.int()).describe("That of the pair's input, with a leading 1 or without."),
  data: z.unknown().meta({
    description: "Finite numbers in row-major order, flat or nested.",
    override: { type: "array" },
  }),
}).meta({ id: "TensorBody" });

/** How many predictions are wanted; at most one for each label. */
export const topKSchema: z.ZodType<number> = z.coerce.number().int().min(1)
  .describe("How many predictions are wanted; at most the number of labels. 5 unless given.");

const routeSchema = z.strictObject({
  path: z.array(z.string()).describe("Nodes in the order in which they ran."),
  exit: z.string().describe("The last of them."),
  policy: z.string(),
  operating_point: z.string().nullable(),
  cost: z.number(),
  full_cost: z.number().nullable().describe("Of the full model alone."),
  cost_unit: costUnit,
  nodes: z.array(z.strictObject({ node: z.string(), ms: z.number() })),
  degraded: z.strictObject({ node: z.string(), reason: z.string() }).optional()
    .describe("The node that the policy chose and that was not available."),
}).meta({ id: "Route" });

const classificationSchema = z.strictObject({
  pair: z.string(),
  predictions: z.array(z.strictObject({
    label: z.string(),
    index: z.int(),
    probability: z.number().min(0).max(1),
  })).min(1),
  route: routeSchema,
}).meta({ id: "Classification" });

/** Raw bytes, which in OpenAPI 3.1 have no type. */
const bytes = z.unknown().meta({ override: { contentMediaType: "application/octet-stream" } });

/** `POST /v1/pairs/{pair}/classify`. */
export const classify: Operation = {
  operationId: "classify",
  summary: "Classify an image or a tensor",
  tags: ["Inference"],
  requestParams: {
    path: pairPath,
    query: z.object({
      top_k: topKSchema.optional(),
      policy: z.string().optional().describe("A built-in policy, `always:<node>`."),
    }),
    header: inferenceHeaders,
  },
  requestBody: {
    required: true,
    content: {
      "image/png": { schema: bytes },
      "image/jpeg": { schema: bytes },
      "image/webp": { schema: bytes },
      "multipart/form-data": { schema: z.object({ file: bytes }) },
      "application/json": { schema: tensorBodySchema },
    },
  },
  responses: {
    200: {
      description: "The likeliest labels and the route.",
      headers: headers("cacheControl", "policy", "operatingPoint", "route", "degraded", "timing"),
      content: { "application/json": { schema: classificationSchema } },
    },
  },
  problems: [...INFERENCE_PROBLEMS],
  isTimed: true,
};
