import { z } from "zod";
import {
  checkTakesTensors,
  elementCount,
  type LoadedPair,
  type PointRequest,
  type RequestInput,
} from "../registry/mod.ts";
import { readPoint } from "./operating_point.ts";
import { parseInput } from "./schema.ts";
import { readNumbers } from "./tensor_data.ts";

/** Name of a pair's output in the Open Inference Protocol. */
export const OUTPUT_NAME = "logits";

const PARAMETERS = { point: "parameters.operating_point", maxLoss: "parameters.max_loss" };

/** An inference request that fits its pair. */
export interface InferRequest {
  /** Given back with the answer. */
  readonly id: string | undefined;
  /** `parameters.policy`. */
  readonly policy: string | undefined;
  /** `parameters.operating_point` or `parameters.max_loss`. */
  readonly point: PointRequest | undefined;
  /** The items as one tensor. */
  readonly input: RequestInput;
}

/** The part of `$inference_request` that is understood; other members are ignored. */
interface InferBody {
  id?: string | undefined;
  parameters?: {
    policy?: string | undefined;
    operating_point?: string | undefined;
    max_loss?: string | number | undefined;
  } | undefined;
  inputs: { name: string; datatype: string; shape: number[]; data?: unknown }[];
  outputs?: { name: string }[] | undefined;
}

/**
 * Checks the JSON of an inference request (Open Inference Protocol v2, `$inference_request`).
 *
 * @param body The parsed body.
 * @param pair The pair that is asked.
 * @param maxBatch Most items of a request.
 * @returns The request.
 * @throws {InvalidInputError} If a member does not fit; names it and what was expected.
 */
export function readInferRequest(body: unknown, pair: LoadedPair, maxBatch: number): InferRequest {
  checkTakesTensors(pair.spec, "inputs[0]");
  const { id, parameters, inputs } = parseInput(schemaOf(pair, maxBatch), body);
  const [input] = inputs;
  if (!input) throw new Error("Cannot read a request without inputs");
  const data = readNumbers(input.data, elementCount(input.shape), "inputs[0].data");
  return {
    id,
    policy: parameters?.policy,
    point: readPoint(parameters?.operating_point, parameters?.max_loss, PARAMETERS),
    input: { kind: "tensor", data, count: input.shape[0] ?? 0 },
  };
}

const schemas = new WeakMap<LoadedPair, z.ZodType<InferBody>>();

function schemaOf(pair: LoadedPair, maxBatch: number): z.ZodType<InferBody> {
  let schema = schemas.get(pair);
  if (!schema) {
    schema = buildSchema(pair, maxBatch);
    schemas.set(pair, schema);
  }
  return schema;
}

function buildSchema({ spec }: LoadedPair, maxBatch: number): z.ZodType<InferBody> {
  const { name, datatype, shape } = spec.input;
  const input = z.object({
    name: z.literal(name),
    datatype: z.literal(datatype),
    shape: z.array(z.int())
      .refine(
        ([, ...item]) => item.length === shape.length && item.every((size, i) => size === shape[i]),
        `expected ${JSON.stringify([-1, ...shape])}`,
      )
      .refine(
        ([count = 0]) => count >= 1 && count <= maxBatch,
        `expected a batch of 1 to ${maxBatch} items`,
      ),
    data: z.unknown(),
  });
  return z.object({
    id: z.string().optional(),
    parameters: z.object({
      policy: z.string().optional(),
      operating_point: z.string().optional(),
      max_loss: z.union([z.string(), z.number()], "expected a share such as 1% or 0.01").optional(),
    }).optional(),
    inputs: z.array(input).length(1, `expected one input, ${JSON.stringify(name)}`),
    outputs: z.array(z.object({ name: z.literal(OUTPUT_NAME) })).optional(),
  });
}
