import { z } from "zod";
import type { TensorInfo } from "../../../base/backend.ts";
import { RemoteError } from "./remote_error.ts";

/** An input, as a server tells it. */
export interface RemoteInput extends TensorInfo {
  /** Whether a request may leave it out; Sluice says so. */
  readonly optional: boolean;
}

/** Inputs and outputs of a model, as its server tells them. */
export interface RemoteMetadata {
  /** What the model reads. */
  readonly inputs: readonly RemoteInput[];
  /** What the model gives. */
  readonly outputs: readonly TensorInfo[];
}

const tensor = z.object({
  name: z.string().min(1),
  datatype: z.string().min(1),
  // gRPC gateways write numbers of 64 bits as strings.
  shape: z.array(z.coerce.number<number | string>().int().min(-1)),
  parameters: z.object({ optional: z.unknown() }).partial().optional(),
});

/** `$metadata_model_response` of the Open Inference Protocol; other members are ignored. */
const model = z.object({ inputs: z.array(tensor).min(1), outputs: z.array(tensor).min(1) });

/** `$metadata_server_response`. */
const server = z.object({ extensions: z.array(z.string()).optional() });

/**
 * Reads the answer to `GET /v2/models/{model}`.
 *
 * @param bytes The answer.
 * @returns Names, types and shapes; a size that is free is a string, as in ONNX.
 * @throws {RemoteError} If it is not the protocol's, or does not describe the model.
 */
export function readModelMetadata(bytes: Uint8Array): RemoteMetadata {
  const { inputs, outputs } = read(model, bytes);
  return {
    inputs: inputs.map((input) => {
      return { ...describe(input), optional: input.parameters?.optional === true };
    }),
    outputs: outputs.map(describe),
  };
}

/**
 * Reads the answer to `GET /v2`.
 *
 * @param bytes The answer.
 * @returns Whether tensors may be sent in binary form.
 * @throws {RemoteError} If it is not the protocol's.
 */
export function takesBinary(bytes: Uint8Array): boolean {
  const { extensions = [] } = read(server, bytes);
  return extensions.some((name) => name === "binary_tensor_data" || name === "binary_data");
}

function read<T>(schema: z.ZodType<T>, bytes: Uint8Array): T {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    throw new RemoteError("its description is not JSON");
  }
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new RemoteError(`its description has no usable ${issue?.path.join(".") || "object"}`);
}

function describe({ name, datatype, shape }: z.infer<typeof tensor>): TensorInfo {
  return {
    name,
    type: datatype === "FP32" ? "float32" : datatype.toLowerCase(),
    shape: shape.map((size, axis) => size === -1 ? (axis === 0 ? "batch" : `size${axis}`) : size),
  };
}
