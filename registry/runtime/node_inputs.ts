import { InvalidInputError, NotFiniteError } from "../base/errors.ts";
import type { Tensor } from "../base/tensor.ts";
import { decodeImage, ImageError, type Pixels, rawPixels } from "../input/image/mod.ts";
import { imageInput } from "../input/image_input.ts";
import type { PairSpec } from "../pair/pair_spec.ts";
import type { NodeInput } from "../walk/walk_plan.ts";
import type { RequestInput } from "./requests.ts";

/**
 * Makes of a request's input what the nodes of a pair can be fed with.
 *
 * @param pair The pair.
 * @param input The input; its numbers are not copied.
 * @returns One input for every item, in order.
 * @throws {InvalidInputError} If the image cannot be decoded or is too large.
 */
export async function nodeInputs(pair: PairSpec, input: RequestInput): Promise<NodeInput[]> {
  if (input.kind === "image") {
    const pixels = await decode(input.bytes, input.maxPixels);
    return [imageInput(pair, () => pixels)];
  }
  const length = input.data.length / input.count;
  return Array.from({ length: input.count }, (_, index) => {
    const [start, end] = [index * length, (index + 1) * length];
    if (input.kind === "pixels") {
      return imageInput(pair, () => rawPixels(input.data.subarray(start, end), input));
    }
    const data = input.data.subarray(start, end);
    const tensor: Tensor = { datatype: "FP32", shape: [1, ...pair.input.shape], data };
    return () => Promise.resolve(tensor);
  });
}

/**
 * Blames the request for numbers that are too much for a network; those of an image never are.
 *
 * @param error What a walk failed of.
 * @param input The request's input.
 * @returns The error that the request is to fail with.
 */
export function blameInput(error: unknown, { kind }: RequestInput): unknown {
  if (kind !== "tensor" || !(error instanceof NotFiniteError)) return error;
  const reason =
    `is too much for ${error.node}, whose answer is not finite; expected smaller numbers`;
  return new InvalidInputError("data", reason);
}

async function decode(bytes: Uint8Array, maxPixels: number): Promise<Pixels> {
  try {
    return await decodeImage(bytes, { maxPixels });
  } catch (error) {
    if (error instanceof ImageError) throw new InvalidInputError("image", error.message);
    throw error;
  }
}
