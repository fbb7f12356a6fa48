import type { LoadedPair, PointRequest, RequestInput } from "../../registry/mod.ts";
import { readPoint } from "../http/operating_point.ts";
import { parseInput } from "../http/parse_input.ts";
import type { InferenceBody } from "./infer_body.ts";
import { inferenceRequestSchema } from "./infer_description.ts";
import { type InputLimits, readInput } from "./inputs.ts";
import { readOutputs, type WantedOutput } from "./wanted_outputs.ts";

const PARAMETERS = { point: "parameters.operating_point", maxLoss: "parameters.max_loss" };

/** An inference request that fits its pair. */
export interface InferRequest {
  /** Given back with the answer. */
  readonly id: string | undefined;
  /** `parameters.policy`. */
  readonly policy: string | undefined;
  /** `parameters.operating_point` or `parameters.max_loss`. */
  readonly point: PointRequest | undefined;
  /** The items. */
  readonly input: RequestInput;
  /** What is to be answered. */
  readonly outputs: readonly WantedOutput[];
}

/**
 * Checks an inference request (Open Inference Protocol v2, `$inference_request`, with Triton's extension
 * for binary tensor data).
 *
 * @param body The body.
 * @param pair The pair that is asked.
 * @param limits Limits of requests.
 * @returns The request.
 * @throws {InvalidInputError} If a member does not fit; names it and what was expected.
 */
export function readInferRequest(
  { json, binary }: InferenceBody,
  { spec }: LoadedPair,
  limits: InputLimits,
): InferRequest {
  const { id, parameters = {}, inputs, outputs } = parseInput(inferenceRequestSchema, json);
  const { policy, operating_point, max_loss, binary_data_output = false } = parameters;
  return {
    id,
    policy,
    point: readPoint(operating_point, max_loss, PARAMETERS),
    input: readInput(spec, inputs, binary, limits),
    outputs: readOutputs(outputs, binary_data_output, spec),
  };
}
