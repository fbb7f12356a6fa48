import { z } from "zod";
import { inferenceRequestSchema, inferenceResponseSchema } from "./infer_schemas.ts";
import {
  indexRequestSchema,
  indexResponseSchema,
  modelMetadataSchema,
  serverMetadataSchema,
} from "./metadata_schemas.ts";
import { answer } from "../openapi/answers.ts";
import type { Operation } from "../openapi/documented.ts";
import { headers } from "../openapi/headers.ts";
import { INFERENCE_PROBLEMS, PAIR_PROBLEMS } from "../openapi/problems.ts";
import { inferenceHeaders } from "../openapi/requests.ts";

const TAGS = ["Open Inference Protocol"];
const modelPath = z.object({ model: z.string().describe("Name of a pair.") });
const versionPath = modelPath.extend({ version: z.string().describe("`1`: there is one.") });
const readySchema = z.strictObject({ ready: z.boolean() });
const modelReadySchema = z.strictObject({ name: z.string(), ready: z.literal(true) });

/** A body that is JSON with binary data after it. */
const binary = z.unknown().meta({
  description: "JSON as beside, of Inference-Header-Content-Length bytes, then binary tensor data.",
  override: { contentMediaType: "application/octet-stream" },
});

/** `GET /v2`. */
export const getServer: Operation = {
  operationId: "getServerMetadata",
  summary: "Describe the server",
  tags: TAGS,
  responses: { 200: answer("The server.", serverMetadataSchema) },
};

/** `GET /v2/health/live`. */
export const getLive: Operation = {
  operationId: "getServerLive",
  isHealth: true,
  summary: "Tell that the server lives",
  tags: TAGS,
  responses: { 200: answer("It does.", z.strictObject({ live: z.literal(true) })) },
};

/** `GET /v2/health/ready`. */
export const getReady: Operation = {
  operationId: "getServerReady",
  isHealth: true,
  summary: "Tell whether the server can answer",
  tags: TAGS,
  responses: {
    200: answer("It can.", readySchema, "cacheControl"),
    503: answer("It cannot.", readySchema, "cacheControl"),
  },
};

/** `POST /v2/repository/index`. */
export const listModels: Operation = {
  operationId: "listModels",
  summary: "List the models",
  tags: TAGS,
  requestBody: { content: { "application/json": { schema: indexRequestSchema } } },
  responses: {
    200: answer("The pairs.", indexResponseSchema, "cacheControl"),
  },
  problems: ["badRequest", "bodyTooLarge", "invalidInput"],
};

/** The operations of a model, under one of its two paths. */
export interface ModelOperations {
  /** Its metadata. */
  readonly metadata: Operation;
  /** Whether it is ready. */
  readonly ready: Operation;
  /** Inference. */
  readonly infer: Operation;
}

/**
 * Describes the operations of a model.
 *
 * @param isVersioned Whether the path names the version.
 * @returns The descriptions.
 */
export function modelOperations(isVersioned: boolean): ModelOperations {
  const suffix = isVersioned ? "Version" : "";
  const path = isVersioned ? versionPath : modelPath;
  const missing = isVersioned ? ["notFound" as const] : [];
  return {
    metadata: {
      operationId: `getModel${suffix}`,
      summary: "Describe a model",
      tags: TAGS,
      requestParams: { path },
      responses: {
        200: answer("The pair as a model.", modelMetadataSchema),
      },
      problems: [...PAIR_PROBLEMS, ...missing],
    },
    ready: {
      operationId: `getModel${suffix}Ready`,
      summary: "Tell whether a model can answer",
      tags: TAGS,
      requestParams: { path },
      responses: {
        200: answer("It can.", modelReadySchema, "cacheControl"),
      },
      problems: [...PAIR_PROBLEMS, ...missing],
    },
    infer: {
      operationId: `inferModel${suffix}`,
      summary: "Run inference",
      tags: TAGS,
      requestParams: { path, header: inferHeaders },
      requestBody: {
        required: true,
        content: {
          "application/json": { schema: inferenceRequestSchema },
          "application/octet-stream": { schema: binary },
        },
      },
      responses: {
        200: {
          description: "The outputs, and the route in the parameters.",
          headers: headers(
            "cacheControl",
            "policy",
            "operatingPoint",
            "route",
            "degraded",
            "timing",
            "jsonLength",
          ),
          content: {
            "application/json": { schema: inferenceResponseSchema },
            "application/octet-stream": { schema: binary },
          },
        },
      },
      problems: [...INFERENCE_PROBLEMS, ...missing],
      isTimed: true,
    },
  };
}

const inferHeaders = inferenceHeaders.extend({
  "Inference-Header-Content-Length": z.string().regex(/^\d+$/).optional()
    .describe("Length in bytes of the JSON before binary data, once decompressed."),
  "Content-Encoding": z.enum(["gzip", "deflate"]).optional(),
});
