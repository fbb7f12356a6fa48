import { show } from "../../policies/mod.ts";
import { PluginCodeError } from "../base/errors.ts";
import type { Pixels } from "../input/image/mod.ts";
import type { PairSpec } from "../pair/pair.ts";
import { type PluginCode, postprocessOf, type Preprocess } from "../pair/plugin_code.ts";
import { splitItems } from "../walk/run_batch.ts";
import { elementCount, type Tensor } from "../base/tensor.ts";
import { POSTPROCESSED, type RunNode } from "../walk/walk_plan.ts";

/** Named tensors. */
type Tensors = Readonly<Record<string, Tensor>>;

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
  return await call(pair, node, "preprocess", {
    run: () => preprocess(pixels, { shape }),
    length: elementCount(shape),
    what: `input.shape ${show(shape)}`,
  });
}

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
      const logits = await call(pair, node, "postprocess", {
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

/** A call of a plugin's function, and what it must give. */
interface CodeCall {
  run(): unknown;
  readonly length: number;
  readonly what: string;
}

async function call(
  pair: PairSpec,
  node: string,
  name: keyof PluginCode,
  { run, length, what }: CodeCall,
): Promise<Float32Array> {
  const fail = (reason: string, options?: ErrorOptions) => {
    const field = pair.models[node]?.[name] ? `models.${node}.${name}` : name;
    return new PluginCodeError(
      field,
      `failed for node ${node} of ${pair.name}: ${reason}`,
      options,
    );
  };
  let result: unknown;
  try {
    result = await run();
  } catch (cause) {
    throw fail(cause instanceof Error ? cause.message : String(cause), { cause });
  }
  if (!(result instanceof Float32Array) || result.length !== length) {
    throw fail(`it gave ${nameOf(result)}, expected a Float32Array of ${length} for ${what}`);
  }
  const wrong = result.findIndex((value) => !Number.isFinite(value));
  if (wrong >= 0) throw fail(`it gave ${result[wrong]} at ${wrong}, expected finite numbers`);
  return result;
}

function nameOf(value: unknown): string {
  const isList = Array.isArray(value) || value instanceof Float32Array;
  return isList ? `${value.constructor.name} of ${value.length}` : show(value);
}
