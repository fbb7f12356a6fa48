import type { Tensor } from "../base/tensor.ts";
import { callCode } from "../pair/call_code.ts";
import type { PairSpec } from "../pair/pair_spec.ts";
import { postprocessOf } from "../pair/plugin_code.ts";
import { splitItems } from "./run_batch.ts";
import { POSTPROCESSED, type RunNode } from "./walk_plan.ts";

/** Named tensors. */
type Tensors = Readonly<Record<string, Tensor>>;

/**
 * Runs nodes with the plugin's own code behind their models, if it has any.
 *
 * @param pair The pair.
 * @param run Runs the models alone.
 * @returns Gives the outputs of a model, and {@linkcode POSTPROCESSED}, shape [items, labels], where the
 * plugin makes the logits; throws {@linkcode PluginCodeError} if it does not.
 */
export function withPostprocess(pair: PairSpec, run: RunNode): RunNode {
  return async (node, feeds) => {
    const outputs = await run(node, feeds);
    const postprocess = postprocessOf(pair, node);
    if (!postprocess) return outputs;
    const count = Object.values(feeds)[0]?.shape[0] ?? 1;
    const { labels } = pair;
    const data = new Float32Array(count * labels.length);
    for (const [index, item] of itemsOf(outputs, count).entries()) {
      const logits = await callCode(pair, node, "postprocess", {
        run: () => postprocess(item, { labels }),
        length: labels.length,
        what: `${labels.length} labels`,
      });
      data.set(logits, index * labels.length);
    }
    const logits: Tensor = { datatype: "FP32", shape: [count, labels.length], data };
    return { ...outputs, [POSTPROCESSED]: logits };
  };
}

/** What one item gave is not looked at: whatever its shape is, the plugin knows it. */
function itemsOf(outputs: Tensors, count: number): Tensors[] {
  return count === 1 ? [outputs] : splitItems(outputs, count);
}
