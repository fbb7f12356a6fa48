import { z } from "zod";
import { type Datatype, DATATYPES } from "../../registry/oip/mod.ts";

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

/** Names and kinds of additions, such as the route. */
export type Parameters = Readonly<Record<string, string | number | boolean>>;

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

/** `$metadata_tensor`, with parameters. */
export interface TensorMetadata {
  /** Name of the tensor. */
  readonly name: string;
  /** Type of its elements. */
  readonly datatype: Datatype;
  /** -1 for sizes that a request chooses. */
  readonly shape: readonly number[];
  /** What the protocol has no words for. */
  readonly parameters?: Parameters | undefined;
}

/** `$metadata_model_response`. */
export interface ModelMetadata {
  /** The pair. */
  readonly name: string;
  /** Versions that can be asked for by name. */
  readonly versions: readonly string[];
  /** What runs it. */
  readonly platform: string;
  /** What it takes. */
  readonly inputs: readonly TensorMetadata[];
  /** What it gives. */
  readonly outputs: readonly TensorMetadata[];
}

/** `$metadata_server_response`. */
export interface ServerMetadata {
  /** The server. */
  readonly name: string;
  /** Its version. */
  readonly version: string;
  /** Extensions of the protocol that it has whole. */
  readonly extensions: readonly string[];
}

/** `$repository_index_request`. */
export interface IndexRequest {
  /** Whether only pairs that can answer are wanted. */
  readonly ready?: boolean | undefined;
}

/** An entry of `$repository_index_response`. */
export interface IndexEntry {
  /** The pair. */
  readonly name: string;
  /** Its version. */
  readonly version: string;
  /** Whether it can answer. */
  readonly state: "READY" | "LOADING" | "UNAVAILABLE";
  /** Why it cannot; empty if it can. */
  readonly reason: string;
}

const NO_SHARED_MEMORY = { error: "expected none: there is no shared memory here" };
const datatype = z.enum(
  Object.keys(DATATYPES) as [Datatype, ...Datatype[]],
  `expected one of ${Object.keys(DATATYPES).join(", ")}`,
);
const shape = z.array(z.int());
const parameters = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));

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
    datatype,
    shape,
    parameters: z.object({
      binary_data_size: z.int().min(0, "expected a number of bytes").optional(),
      shared_memory_region: z.never(NO_SHARED_MEMORY).optional(),
    }).optional(),
    data: z.unknown().optional(),
  })),
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
  parameters,
  outputs: z.array(z.object({
    name: z.string(),
    datatype,
    shape,
    parameters: parameters.optional(),
    data: z.array(z.union([z.number(), z.boolean(), z.string()])).optional(),
  })),
});

const tensorMetadataSchema: z.ZodType<TensorMetadata> = z.object({
  name: z.string(),
  datatype,
  shape,
  parameters: parameters.optional(),
});

/** Describes a {@linkcode ModelMetadata}. */
export const modelMetadataSchema: z.ZodType<ModelMetadata> = z.object({
  name: z.string(),
  versions: z.array(z.string()),
  platform: z.string(),
  inputs: z.array(tensorMetadataSchema),
  outputs: z.array(tensorMetadataSchema),
});

/** Describes a {@linkcode ServerMetadata}. */
export const serverMetadataSchema: z.ZodType<ServerMetadata> = z.object({
  name: z.string(),
  version: z.string(),
  extensions: z.array(z.string()),
});

/** Checks an {@linkcode IndexRequest}. */
export const indexRequestSchema: z.ZodType<IndexRequest> = z.object({
  ready: z.boolean().optional(),
});

/** Describes the answer to an {@linkcode IndexRequest}. */
export const indexResponseSchema: z.ZodType<IndexEntry[]> = z.array(z.object({
  name: z.string(),
  version: z.string(),
  state: z.enum(["READY", "LOADING", "UNAVAILABLE"]),
  reason: z.string(),
}));
