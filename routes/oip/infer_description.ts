import { z } from "zod";
import type { Datatype } from "../../registry/oip/mod.ts";
import type { Operation } from "../openapi/documented.ts";
import { headers } from "../openapi/headers.ts";
import { INFERENCE_PROBLEMS } from "../openapi/problems.ts";
import { inferenceHeaders } from "../openapi/requests.ts";
import type { ModelPath } from "./find_model.ts";
import { describeModelPath } from "./model_description.ts";
import {
  datatypeSchema,
  type Parameters,
  parametersSchema,
  shapeSchema,
} from "./tensor_description.ts";

/** An input of a request: its elements are in `data`, or follow the JSON as binary data. */
export interface RequestTensor {
  /** One of the inputs that the model's metadata lists. */
  readonly name: string;
  /** As in the metadata. */
  readonly datatype: Datatype;
  /** As in the metadata, with the sizes of this request in place of -1. */
  readonly shape: readonly number[];
  /** Of the tensor. */
  readonly parameters?: { readonly binary_data_size?: number | undefined } | undefined;
  /** The elements in row-major order, flat or nested. */
  readonly data?: unknown;
}

/** An output that a request asks for. */
export interface RequestedTensor {
  /** One of the outputs that the model's metadata lists. */
  readonly name: string;
  /** How it is to be given. */
  readonly parameters?: {
    readonly binary_data?: boolean | undefined;
    readonly classification?: number | undefined;
  } | undefined;
}

/** `$inference_request`. Members that are not understood are ignored, as the protocol has it. */
export interface InferenceRequest {
  /** Given back with the answer. */
  readonly id?: string | undefined;
  /** Of the request. */
  readonly parameters?: {
    readonly policy?: string | undefined;
    readonly operating_point?: string | undefined;
    readonly max_loss?: string | number | undefined;
    readonly binary_data_output?: boolean | undefined;
  } | undefined;
  /** The input: exactly one. */
  readonly inputs: readonly RequestTensor[];
  /** The outputs that are wanted; `logits` unless given. */
  readonly outputs?: readonly RequestedTensor[] | undefined;
}

/** An output of an answer: its elements are in `data`, or follow the JSON as binary data. */
export interface ResponseTensor {
  /** As asked for. */
  readonly name: string;
  /** Type of the elements. */
  readonly datatype: Datatype;
  /** Sizes of the dimensions, items first. */
  readonly shape: readonly number[];
  /** `binary_data_size` of an output in binary form. */
  readonly parameters?: Parameters | undefined;
  /** The elements in row-major order, flat. */
  readonly data?: readonly (number | boolean | string)[] | undefined;
}

/** `$inference_response`. */
export interface InferenceResponse {
  /** The pair. */
  readonly model_name: string;
  /** Its version. */
  readonly model_version: string;
  /** That of the request. */
  readonly id?: string | undefined;
  /** Policy, operating point, and the route of every item. */
  readonly parameters: Parameters;
  /** In the order in which they were asked for. */
  readonly outputs: readonly ResponseTensor[];
}

const NO_SHARED_MEMORY = { error: "expected none: there is no shared memory here" };

/** Checks the part of an {@linkcode InferenceRequest} that is the same for every pair. */
export const inferenceRequestSchema: z.ZodType<InferenceRequest> = z.object({
  id: z.string().optional(),
  parameters: z.object({
    policy: z.string().optional(),
    operating_point: z.string().optional(),
    max_loss: z.union([z.string(), z.number()], "expected a share such as 1% or 0.01").optional(),
    binary_data_output: z.boolean().optional(),
  }).optional(),
  inputs: z.array(z.object({
    name: z.string(),
    datatype: datatypeSchema,
    shape: shapeSchema,
    parameters: z.object({
      binary_data_size: z.int().min(0, "expected a number of bytes").optional(),
      shared_memory_region: z.never(NO_SHARED_MEMORY).optional(),
    }).optional(),
    data: z.unknown().meta({ override: { type: "array" } }).optional(),
  })).meta({ minItems: 1, maxItems: 1 }),
  outputs: z.array(z.object({
    name: z.string(),
    parameters: z.object({
      binary_data: z.boolean().optional(),
      classification: z.int().optional(),
      shared_memory_region: z.never(NO_SHARED_MEMORY).optional(),
    }).optional(),
  })).optional(),
});

/** Describes an {@linkcode InferenceResponse}. */
export const inferenceResponseSchema: z.ZodType<InferenceResponse> = z.object({
  model_name: z.string(),
  model_version: z.string(),
  id: z.string().optional(),
  parameters: parametersSchema,
  outputs: z.array(z.object({
    name: z.string(),
    datatype: datatypeSchema,
    shape: shapeSchema,
    parameters: parametersSchema.optional(),
    data: z.array(z.union([z.number(), z.boolean(), z.string()])).optional(),
  })),
});

/** A body that is JSON with binary data after it. */
const binary = z.unknown().meta({
  description: "JSON as beside, of Inference-Header-Content-Length bytes, then binary tensor data.",
  override: { contentMediaType: "application/octet-stream" },
});

const inferHeaders = inferenceHeaders.extend({
  "Inference-Header-Content-Length": z.string().regex(/^\d+$/).optional()
    .describe("Length in bytes of the JSON before binary data, once decompressed."),
  "Content-Encoding": z.enum(["gzip", "deflate"]).optional(),
});

/**
 * Describes inference.
 *
 * @param modelPath One of the paths of a model.
 * @returns The description.
 */
export function inferOperation(modelPath: ModelPath): Operation {
  const { suffix, path, problems } = describeModelPath(modelPath);
  return {
    operationId: `inferModel${suffix}`,
    summary: "Run inference",
    tags: ["Open Inference Protocol"],
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
    problems: [...INFERENCE_PROBLEMS, ...problems],
    isTimed: true,
  };
}
