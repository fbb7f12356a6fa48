import { InvalidInputError } from "../base/errors.ts";
import { inputShape } from "../pair/input_shape.ts";
import { type Pixels, preprocess } from "./image/mod.ts";
import type { PairSpec } from "../pair/pair_spec.ts";
import { preparationOf } from "../pair/plugin_code.ts";
import { runPreprocess } from "./run_preprocess.ts";
import type { Tensor } from "../base/tensor.ts";

/**
 * Prepares an image once for each way in which the pair's models want it.
 *
 * @param pair The pair.
 * @param read Gives the image; called once for each way.
 * @returns Gives the input of a node, shape [1, channels, height, width], of the node's own size.
 * @throws {InvalidInputError} When it is asked for the input of a node that takes no images.
 * @throws {PluginCodeError} When the plugin's own code fails.
 */
export function imageInput(
  pair: PairSpec,
  read: () => Pixels,
): (node: string) => Promise<Tensor> {
  const prepared = new Map<unknown, Promise<Tensor>>();
  return (node) => {
    // By function, or by content: two models that are declared alike share one input.
    const { image, preprocess: code } = preparationOf(pair, node);
    const key = code ?? JSON.stringify(image);
    let tensor = prepared.get(key);
    if (!tensor) {
      tensor = prepare(pair, node, read);
      prepared.set(key, tensor);
    }
    return tensor;
  };
}

async function prepare(pair: PairSpec, node: string, read: () => Pixels): Promise<Tensor> {
  const { image, preprocess: code } = preparationOf(pair, node);
  const shape = inputShape(pair, node);
  const [, height = 0, width = 0] = shape;
  const data = code
    ? await runPreprocess(pair, node, code, read())
    : image && await preprocess(read(), image, { height, width });
  if (!data) throw new InvalidInputError("image", `${pair.name} takes tensors only`);
  return { datatype: "FP32", shape: [1, ...shape], data };
}
