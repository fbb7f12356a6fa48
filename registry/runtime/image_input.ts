import { InvalidInputError } from "../errors.ts";
import { type Pixels, preprocess } from "../image/mod.ts";
import type { PairSpec } from "../pair.ts";
import type { Tensor } from "../tensor.ts";

/**
 * Prepares an image once for each way in which the pair's models want it.
 *
 * @param pair The pair.
 * @param pixels The image.
 * @returns Gives the input of a node, shape [1, channels, height, width].
 * @throws {InvalidInputError} When it is asked for the input of a node that takes no images.
 */
export function imageInput(pair: PairSpec, pixels: Pixels): (node: string) => Promise<Tensor> {
  const [, height = 0, width = 0] = pair.input.shape;
  const prepared = new Map<unknown, Promise<Tensor>>();
  return (node) => {
    const spec = pair.models[node]?.image ?? pair.image;
    if (!spec) throw new InvalidInputError("image", `${pair.name} takes tensors only`);
    let tensor = prepared.get(spec);
    if (!tensor) {
      tensor = preprocess(pixels, spec, { height, width })
        .then((data) => ({ datatype: "FP32", shape: [1, ...pair.input.shape], data }));
      prepared.set(spec, tensor);
    }
    return tensor;
  };
}
