import { z } from "zod";
import { InvalidInputError } from "../../../base/errors.ts";
import { readBinaryData, readJsonData, writeBinaryData, writeJsonData } from "../../../oip/mod.ts";
import { elementCount, type Tensor } from "../../../base/tensor.ts";
import type { TensorInfo } from "../../../base/backend.ts";
import type { RemoteAnswer } from "./http.ts";
import { RemoteError } from "./remote_error.ts";
import type { Parameter } from "../../../models/remote_model.ts";

/** Header with the length of the JSON before binary data. */
const JSON_LENGTH = "Inference-Header-Content-Length";

/** What to write as an inference request. */
export interface InferMessage {
  /** A tensor for every input, by name. */
  readonly feeds: Readonly<Record<string, Tensor>>;
  /** The outputs that are wanted. */
  readonly outputs: readonly TensorInfo[];
  /** Parameters of the request. */
  readonly parameters?: Readonly<Record<string, Parameter>> | undefined;
  /** Whether tensors are sent, and wanted, in binary form. */
  readonly binary: boolean;
}

/**
 * Writes an inference request of the Open Inference Protocol v2, in JSON or with its binary extension.
 *
 * @param message The request.
 * @returns The body and its headers.
 */
export function writeInferRequest(
  { feeds, outputs, parameters, binary }: InferMessage,
): { readonly body: BodyInit; readonly headers: Record<string, string> } {
  const tensors = Object.entries(feeds).map(([name, { datatype, shape, data }]) => {
    return { name, datatype, shape, data: data as Float32Array<ArrayBuffer> };
  });
  const parts = tensors.map(({ datatype, data }) => writeBinaryData(datatype, data));
  const text = JSON.stringify({
    parameters,
    inputs: tensors.map(({ name, datatype, shape, data }, index) => ({
      name,
      datatype,
      shape,
      ...(binary
        ? { parameters: { binary_data_size: parts[index]?.length } }
        : { data: writeJsonData(datatype, data) }),
    })),
    outputs: outputs.map(({ name }) =>
      binary ? { name, parameters: { binary_data: true } } : { name }
    ),
  });
  if (!binary) return { body: text, headers: { "content-type": "application/json" } };
  const json = new TextEncoder().encode(text);
  return {
    body: new Blob([json, ...parts as Uint8Array<ArrayBuffer>[]]),
    headers: { "content-type": "application/octet-stream", [JSON_LENGTH]: `${json.length}` },
  };
}

/** `$inference_response`; other members are ignored. */
const response = z.object({
  outputs: z.array(z.object({
    name: z.string(),
    datatype: z.string(),
    shape: z.array(z.int().min(0)),
    parameters: z.object({ binary_data_size: z.int().min(0).optional() }).optional(),
    data: z.array(z.unknown()).optional(),
  })),
});

type Output = z.infer<typeof response>["outputs"][number];

/**
 * Reads an inference answer of the Open Inference Protocol v2, with binary tensors or without.
 *
 * @param answer The answer.
 * @param wanted The outputs that were asked for.
 * @param count How many items were sent.
 * @returns A tensor for each of them, by name, of finite numbers in the shape that was announced.
 * @throws {RemoteError} If anything is missing or not as it should be.
 */
export function readInferAnswer(
  { bytes, headers }: RemoteAnswer,
  wanted: readonly TensorInfo[],
  count: number,
): Record<string, Tensor> {
  const length = jsonLength(headers.get(JSON_LENGTH), bytes.length);
  const { outputs } = parse(bytes.subarray(0, length));
  const binary = new Map<Output, Uint8Array<ArrayBuffer>>();
  let at = length;
  for (const output of outputs) {
    const size = output.parameters?.binary_data_size;
    if (size === undefined) continue;
    binary.set(output, bytes.subarray(at, at += size));
  }
  if (at !== bytes.length) {
    throw new RemoteError(`the answer has ${bytes.length} bytes, but announces ${at}`);
  }
  return Object.fromEntries(wanted.map((info) => {
    const output = outputs.find(({ name }) => name === info.name);
    if (!output) throw new RemoteError(`the answer has no output ${info.name}`);
    return [info.name, readOutput(info, output, binary.get(output), count)];
  }));
}

function jsonLength(header: string | null, total: number): number {
  if (header === null) return total;
  const length = /^\d{1,10}$/.test(header) ? Number(header) : NaN;
  if (length <= total) return length;
  throw new RemoteError(`the answer's JSON is said to have ${header} of ${total} bytes`);
}

function parse(bytes: Uint8Array): z.infer<typeof response> {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    throw new RemoteError("the answer is not JSON");
  }
  const result = response.safeParse(value);
  if (result.success) return result.data;
  const path = result.error.issues[0]?.path.join(".") || "outputs";
  throw new RemoteError(`the answer has no usable ${path}`);
}

function readOutput(
  info: TensorInfo,
  { name, datatype, shape, data }: Output,
  binary: Uint8Array<ArrayBuffer> | undefined,
  count: number,
): Tensor {
  const expected = [count, ...info.shape.slice(1)];
  const fits = shape.length === expected.length &&
    expected.every((size, axis) => typeof size === "string" || size === shape[axis]);
  if (datatype !== "FP32" || !fits) {
    throw new RemoteError(
      `${name} is ${datatype} ${JSON.stringify(shape)}, expected FP32 ${JSON.stringify(expected)}`,
    );
  }
  const numbers = elementsOf(name, elementCount(shape), data, binary);
  if (!numbers.every(Number.isFinite)) throw new RemoteError(`${name} is not of finite numbers`);
  return { datatype, shape, data: numbers };
}

function elementsOf(
  name: string,
  count: number,
  data: readonly unknown[] | undefined,
  binary: Uint8Array<ArrayBuffer> | undefined,
): Float32Array {
  try {
    if (binary) return readBinaryData("FP32", binary, count, name);
    return readJsonData("FP32", data, count, name);
  } catch (error) {
    if (error instanceof InvalidInputError) throw new RemoteError(error.message);
    throw error;
  }
}
