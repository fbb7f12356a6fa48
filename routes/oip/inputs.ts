import {
  elementCount,
  InvalidInputError,
  MAX_SIDE,
  type PairSpec,
  RAW_CHANNELS,
  type RequestInput,
  takesImages,
  whyNoTensors,
} from "../../registry/mod.ts";
import { readBinaryData, readJsonData } from "../../registry/oip/mod.ts";
import type { Limits } from "../http/services.ts";
import type { RequestTensor } from "./infer_description.ts";
import type { TensorMetadata } from "./model_description.ts";

/** The part of {@linkcode Limits} that inputs are held to. */
export type InputLimits = Pick<Limits, "maxBatch" | "maxPixels">;

/** The only input of a request, by which its fields go in errors. */
const FIELD = "inputs[0]";

/** Where the input of a request is read. */
interface Source {
  readonly tensor: RequestTensor;
  /** What follows the JSON. */
  readonly binary: Uint8Array<ArrayBuffer>;
  readonly limits: InputLimits;
}

/** An input that a pair takes, in place of the others. */
interface PairInput {
  readonly metadata: TensorMetadata;
  /** Checks shape and elements. */
  read(source: Source): RequestInput;
}

/**
 * The inputs that a pair takes. A request brings one of them.
 *
 * @param spec The pair.
 * @returns Name, datatype and shape of each.
 */
export function describeInputs(spec: PairSpec): TensorMetadata[] {
  return inputsOf(spec).map(({ metadata }) => metadata);
}

/**
 * Reads the input of a request.
 *
 * @param spec The pair that is asked.
 * @param inputs The member `inputs` of the request.
 * @param binary What follows the JSON.
 * @param limits Limits of requests.
 * @returns The input; its buffer may be that of `binary`.
 * @throws {InvalidInputError} If it does not fit the pair; names the member and what was expected.
 */
export function readInput(
  spec: PairSpec,
  inputs: readonly RequestTensor[],
  binary: Uint8Array<ArrayBuffer>,
  limits: InputLimits,
): RequestInput {
  const known = inputsOf(spec);
  const names = known.map(({ metadata }) => JSON.stringify(metadata.name)).join(" or ");
  const [tensor] = inputs;
  if (!tensor || inputs.length > 1) {
    throw new InvalidInputError("inputs", `has ${inputs.length} inputs, expected one: ${names}`);
  }
  const input = known.find(({ metadata }) => metadata.name === tensor.name);
  if (!input) {
    const reason = tensor.name === spec.input.name
      ? `: ${spec.name} takes images only, because ${whyNoTensors(spec)}`
      : "";
    throw new InvalidInputError(
      `${FIELD}.name`,
      `is ${JSON.stringify(tensor.name)}, expected ${names}${reason}`,
    );
  }
  const { datatype } = input.metadata;
  if (tensor.datatype !== datatype) {
    throw new InvalidInputError(
      `${FIELD}.datatype`,
      `is "${tensor.datatype}", expected "${datatype}"`,
    );
  }
  return input.read({ tensor, binary, limits });
}

function inputsOf(spec: PairSpec): PairInput[] {
  const tensor = whyNoTensors(spec) === undefined ? [tensorInput(spec)] : [];
  const pixels = takesImages(spec) ? [pixelsInput(spec)] : [];
  const inputs = [...tensor, ...pixels];
  if (inputs.length < 2) return inputs;
  const [first, second] = inputs.map(({ metadata }) => metadata.name);
  return inputs.map(({ metadata, read }) => {
    const other = metadata.name === first ? second! : first!;
    const parameters = { ...metadata.parameters, optional: true, instead_of: other };
    return { metadata: { ...metadata, parameters }, read };
  });
}

/** The pair's own input: what its models are fed with. */
function tensorInput({ input: { name, shape } }: PairSpec): PairInput {
  return {
    metadata: { name, datatype: "FP32", shape: [-1, ...shape] },
    read(source) {
      const [count = 0, ...item] = source.tensor.shape;
      if (item.length !== shape.length || item.some((size, axis) => size !== shape[axis])) {
        throw wrongShape(source, JSON.stringify([-1, ...shape]));
      }
      checkBatch(source);
      const data = readElements("FP32", count * elementCount(shape), source);
      const wrong = data.findIndex((value) => !Number.isFinite(value));
      if (wrong >= 0) {
        const reason = `is ${data[wrong]}, expected a finite 32-bit number`;
        throw new InvalidInputError(`${FIELD}.data[${wrong}]`, reason);
      }
      return { kind: "tensor", data, count };
    },
  };
}

/** Images that are not encoded, prepared as those that are. */
function pixelsInput({ input }: PairSpec): PairInput {
  return {
    metadata: {
      name: input.name === "pixels" ? "raw_pixels" : "pixels",
      datatype: "UINT8",
      shape: [-1, -1, -1, -1],
      parameters: { layout: "NHWC", channels: RAW_CHANNELS.join(",") },
    },
    read(source) {
      const { shape } = source.tensor;
      const [count = 0, height = 0, width = 0, channels = 0] = shape;
      if (shape.length !== 4 || !RAW_CHANNELS.includes(channels)) {
        throw wrongShape(source, "[-1,height,width,channels] with 1, 3 or 4 channels");
      }
      checkBatch(source);
      if (Math.min(height, width) < 1 || Math.max(height, width) > MAX_SIDE) {
        throw wrongShape(source, `1 to ${MAX_SIDE} pixels a side`);
      }
      const { maxPixels } = source.limits;
      if (count * height * width > maxPixels) {
        throw wrongShape(source, `at most ${maxPixels} pixels in all`);
      }
      const data = readElements("UINT8", elementCount(shape), source);
      return { kind: "pixels", data, count, height, width, channels };
    },
  };
}

function checkBatch(source: Source): void {
  const { tensor: { shape: [count = 0] }, limits: { maxBatch } } = source;
  if (count < 1 || count > maxBatch) throw wrongShape(source, `a batch of 1 to ${maxBatch} items`);
}

function wrongShape({ tensor }: Source, expected: string): InvalidInputError {
  const reason = `is ${JSON.stringify(tensor.shape)}, expected ${expected}`;
  return new InvalidInputError(`${FIELD}.shape`, reason);
}

function readElements<D extends "FP32" | "UINT8">(
  datatype: D,
  count: number,
  { tensor: { data, parameters }, binary }: Source,
) {
  const field = `${FIELD}.data`;
  const size = parameters?.binary_data_size;
  if (size === undefined) {
    if (binary.length > 0) {
      const reason = `has ${binary.length} bytes after its JSON, expected none, ` +
        `as ${FIELD}.parameters.binary_data_size is not given`;
      throw new InvalidInputError("body", reason);
    }
    if (data === undefined) {
      const reason = `missing, expected an array of ${count} elements, or binary data`;
      throw new InvalidInputError(field, reason);
    }
    return readJsonData(datatype, data, count, field);
  }
  if (data !== undefined) {
    const reason = "is given beside parameters.binary_data_size, expected one of them";
    throw new InvalidInputError(field, reason);
  }
  if (size !== binary.length) {
    const reason = `is ${size}, expected ${binary.length}, as so many bytes follow the JSON`;
    throw new InvalidInputError(`${FIELD}.parameters.binary_data_size`, reason);
  }
  return readBinaryData(datatype, binary, count, field);
}
