import { show } from "../policies/mod.ts";
import { InvalidInputError } from "./errors.ts";
import type { PairSpec } from "./pair.ts";

/**
 * What a node reads of the request: of the pair's input shape, with the size of the node's own
 * {@linkcode ImageSpec} where that declares one.
 *
 * @param pair The pair.
 * @param node A node of it.
 * @returns The shape of one item, without the batch dimension.
 */
export function inputShape(pair: PairSpec, node: string): readonly number[] {
  const size = (pair.models[node]?.image ?? pair.image)?.size;
  return size ? [...pair.input.shape.slice(0, 1), ...size] : pair.input.shape;
}

/**
 * Refuses tensors for a pair of which a model reads another size than the pair's input: an image can
 * be prepared for every model, a tensor cannot.
 *
 * @param pair The pair.
 * @param field The field of the request that holds the tensor.
 * @throws {InvalidInputError} If the pair takes images only.
 */
export function checkTakesTensors(pair: PairSpec, field: string): void {
  for (const [node, { inputs = {} }] of Object.entries(pair.models)) {
    const reads = Object.values(inputs);
    if (reads.length > 0 && !reads.includes(pair.input.name)) continue;
    const shape = inputShape(pair, node);
    if (shape.every((size, axis) => size === pair.input.shape[axis])) continue;
    throw new InvalidInputError(
      field,
      `a tensor cannot be used: ${pair.name} takes images only, because its models differ in size ` +
        `(${node} reads ${show(shape)}, the input is ${show(pair.input.shape)}); expected an image`,
    );
  }
}
