import { z } from "zod";
import type { Datatype } from "../../registry/oip/mod.ts";
import { answer } from "../openapi/answers.ts";
import type { Operation } from "../openapi/documented.ts";
import { PAIR_PROBLEMS } from "../openapi/problems.ts";
import type { ModelPath } from "./find_model.ts";
import {
  datatypeSchema,
  type Parameters,
  parametersSchema,
  shapeSchema,
} from "./tensor_description.ts";

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

const modelReadySchema = z.strictObject({ name: z.string(), ready: z.literal(true) });

const model = z.object({ model: z.string().describe("Name of a pair.") });
const version = model.extend({ version: z.string().describe("`1`: there is one.") });

/** What the operations under one of the paths of a model have in common. */
interface ModelPathDescription {
  /** In the ids of the operations. */
  readonly suffix: string;
  /** The parameters. */
  readonly path: z.ZodObject;
  /** Problems beside those of every pair. */
  readonly problems: readonly "notFound"[];
}

/**
 * Describes a path of a model.
 *
 * @param path The path.
 * @returns What its operations have in common.
 */
export function describeModelPath(path: ModelPath): ModelPathDescription {
  return path.endsWith(":version")
    ? { suffix: "Version", path: version, problems: ["notFound"] }
    : { suffix: "", path: model, problems: [] };
}

/** The operations of a model, under one of its two paths. */
export interface ModelOperations {
  /** Its metadata. */
  readonly metadata: Operation;
  /** Whether it is ready. */
  readonly ready: Operation;
}

/**
 * Describes the operations of a model, but for inference.
 *
 * @param modelPath One of its paths.
 * @returns The descriptions.
 */
export function modelOperations(modelPath: ModelPath): ModelOperations {
  const { suffix, path, problems } = describeModelPath(modelPath);
  return {
    metadata: {
      operationId: `getModel${suffix}`,
      summary: "Describe a model",
      tags: ["Open Inference Protocol"],
      requestParams: { path },
      responses: {
        200: answer("The pair as a model.", modelMetadataSchema),
      },
      problems: [...PAIR_PROBLEMS, ...problems],
    },
    ready: {
      operationId: `getModel${suffix}Ready`,
      summary: "Tell whether a model can answer",
      tags: ["Open Inference Protocol"],
      requestParams: { path },
      responses: {
        200: answer("It can.", modelReadySchema, "cacheControl"),
      },
      problems: [...PAIR_PROBLEMS, ...problems],
    },
  };
}
