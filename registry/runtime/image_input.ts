import { InvalidInputError } from "../errors.ts";
import { inputShape } from "../input_shape.ts";
import { type Pixels, preprocess } from "../image/mod.ts";
import type { PairSpec } from "../pair.ts";
import type { Tensor } from "../tensor.ts";

/**
 * Prepares an image once for each way in which the pair's models want it.
 *
 * @param pair The pair.
 * @param read Gives the image; called once for each way.
 * @returns Gives the input of a node, shape [1, channels, height, width], of the node's own size.
 * @throws {InvalidInputError} When it is asked for the input of a node that takes no images.
 */
export function imageInput(
  pair: PairSpec,
  read: () => Pixels,
): (node: string) => Promise<Tensor> {
  const prepared = new Map<string, Promise<Tensor>>();
  return (node) => {
    const spec = pair.models[node]?.image ?? pair.image;
    if (!spec) throw new InvalidInputError("image", `${pair.name} takes tensors only`);
    // By content: two models that are declared alike share one input.
    const key = JSON.stringify(spec);
    let tensor = prepared.get(key);
    if (!tensor) {
      const shape = inputShape(pair, node);
      const [, height = 0, width = 0] = shape;
      tensor = preprocess(read(), spec, { height, width })
        .then((data) => ({ datatype: "FP32", shape: [1, ...shape], data }));
      prepared.set(key, tensor);
    }
    return tensor;
  };
}
