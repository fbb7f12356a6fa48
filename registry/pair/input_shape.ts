import { show } from "../../policies/mod.ts";
import { InvalidInputError } from "../base/errors.ts";
import type { PairSpec } from "./pair_spec.ts";
import { preparationOf, type Preprocess } from "./plugin_code.ts";

/**
 * What a node reads of the request: of the pair's input shape, with the size of the node's own
 * {@linkcode ImageSpec} where that declares one.
 *
 * @param pair The pair.
 * @param node A node of it.
 * @returns The shape of one item, without the batch dimension.
 */
export function inputShape(pair: PairSpec, node: string): readonly number[] {
  const size = preparationOf(pair, node).image?.size;
  return size ? [...pair.input.shape.slice(0, 1), ...size] : pair.input.shape;
}

/**
 * Why a pair takes no tensors: a model reads another size than the pair's input, or two are declared to
 * prepare images differently. An image can be prepared for every model, a tensor cannot.
 *
 * @param pair The pair.
 * @returns The reason; nothing if the pair takes tensors.
 */
export function whyNoTensors(pair: PairSpec): string | undefined {
  const nodes = requestNodes(pair);
  for (const node of nodes) {
    const shape = inputShape(pair, node);
    if (shape.every((size, axis) => size === pair.input.shape[axis])) continue;
    return "its models differ in size " +
      `(${node} reads ${show(shape)}, the input is ${show(pair.input.shape)})`;
  }
  if (!takesImages(pair)) return undefined;
  const [first = "", ...others] = nodes;
  const expected = preparation(pair, first);
  const other = others.find((node) => preparation(pair, node) !== expected);
  return other && `its models differ in how images are prepared (${first} and ${other})`;
}

/** Whether every model that reads the request says how images are prepared for it. */
export function takesImages(pair: PairSpec): boolean {
  return requestNodes(pair).every((node) => preparation(pair, node) !== undefined);
}

/**
 * Refuses tensors for a pair that does not take them.
 *
 * @param pair The pair.
 * @param field The field of the request that holds the tensor.
 * @throws {InvalidInputError} If the pair takes images only; says why.
 */
export function checkTakesTensors(pair: PairSpec, field: string): void {
  const reason = whyNoTensors(pair);
  if (reason === undefined) return;
  throw new InvalidInputError(
    field,
    `a tensor cannot be used: ${pair.name} takes images only, because ${reason}; expected an image`,
  );
}

function requestNodes(pair: PairSpec): string[] {
  return Object.entries(pair.models)
    .filter(([, { inputs = {} }]) => {
      const reads = Object.values(inputs);
      return reads.length === 0 || reads.includes(pair.input.name);
    })
    .map(([node]) => node);
}

/** The same for those that prepare images alike: a function, or a text for specs that mean the same. */
function preparation(pair: PairSpec, node: string): Preprocess | string | undefined {
  const { image, preprocess } = preparationOf(pair, node);
  if (!image) return preprocess;
  const { channels, resize, crop = 1, order = "RGB", background = 0, mean, std } = image;
  const level = [background].flat();
  const levels = Array.from({ length: channels }, (_, channel) => level[channel] ?? level[0]);
  return JSON.stringify([channels, resize, crop, order, levels, mean, std]);
}
