import { show } from "../../policies/mod.ts";
import type { Pixels } from "../base/pixels.ts";
import { elementCount } from "../base/tensor.ts";
import { callCode } from "../pair/call_code.ts";
import type { PairSpec } from "../pair/pair_spec.ts";
import type { Preprocess } from "../pair/plugin_code.ts";

/**
 * Has a plugin prepare an image for a node.
 *
 * @param pair The pair.
 * @param node The node.
 * @param preprocess The plugin's function.
 * @param pixels The image.
 * @returns The input of the node, of the pair's input shape.
 * @throws {PluginCodeError} If the function throws or gives something else.
 */
export async function runPreprocess(
  pair: PairSpec,
  node: string,
  preprocess: Preprocess,
  pixels: Pixels,
): Promise<Float32Array> {
  const { shape } = pair.input;
  return await callCode(pair, node, "preprocess", {
    run: () => preprocess(pixels, { shape }),
    length: elementCount(shape),
    what: `input.shape ${show(shape)}`,
  });
}
