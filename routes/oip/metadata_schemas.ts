import { z } from "zod";
import type { Datatype } from "../../registry/oip/mod.ts";
import {
  datatypeSchema,
  type Parameters,
  parametersSchema,
  shapeSchema,
} from "./tensor_schemas.ts";

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

const tensorMetadataSchema: z.ZodType<TensorMetadata> = z.object({
  name: z.string(),
  datatype: datatypeSchema,
  shape: shapeSchema,
  parameters: parametersSchema.optional(),
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
