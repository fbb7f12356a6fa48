import type { Pixels } from "../base/pixels.ts";
import type { Tensor } from "../base/tensor.ts";
import type { ImageSpec } from "./image_spec.ts";

/** What a {@linkcode Preprocess} is asked for. */
export interface PreprocessContext {
  /** Shape of the pair's input, without the batch dimension. */
  readonly shape: readonly number[];
}

/**
 * Makes the input of a model of a decoded image. It must give the same for the same image, and leave the
 * image as it is, which others read too.
 *
 * @param pixels The image: `width`, `height` and `data`, red, green, blue and alpha row by row.
 * @param context What is wanted.
 * @returns The input, row-major: `product(context.shape)` finite numbers.
 */
export type Preprocess = (
  pixels: Pixels,
  context: PreprocessContext,
) => Float32Array | Promise<Float32Array>;

/** What a {@linkcode Postprocess} is asked for. */
export interface PostprocessContext {
  /** The pair's labels. */
  readonly labels: readonly string[];
}

/**
 * Makes logits of what a model gave for one item.
 *
 * @param outputs The model's outputs by name, each of shape [1, …].
 * @param context What is wanted.
 * @returns The logits: one finite number for each label.
 */
export type Postprocess = (
  outputs: Readonly<Record<string, Tensor>>,
  context: PostprocessContext,
) => Float32Array | Promise<Float32Array>;

/** The functions that a plugin may have, for the pair or for one of its models. They run in workers. */
export interface PluginCode {
  /**
   * Makes a model's input of an image, in place of `image`.
   *
   * @default `image` says how
   */
  readonly preprocess?: Preprocess | undefined;
  /**
   * Makes logits of a model's outputs, in place of `output`.
   *
   * @default an output has them
   */
  readonly postprocess?: Postprocess | undefined;
}

/** A place where code may stand, and the declarations in whose place it stands. */
export interface Declared extends PluginCode {
  /** How images are prepared. */
  readonly image?: ImageSpec | undefined;
  /** Name of the output with the logits. */
  readonly output?: string | undefined;
}

/** A pair as far as its code goes. */
export interface PairCode extends PluginCode {
  /** How images are prepared. */
  readonly image?: ImageSpec | undefined;
  /** Its models by node. */
  readonly models: Readonly<Record<string, Declared>>;
}

/**
 * How images become the input of a node: what its model declares, else what the pair does.
 *
 * @param pair The pair.
 * @param node A node of it.
 * @returns At most one of `image` and `preprocess`; neither if the node takes tensors only.
 */
export function preparationOf(
  pair: PairCode,
  node: string,
): Pick<Declared, "image" | "preprocess"> {
  const model = pair.models[node];
  return model?.image || model?.preprocess ? model : pair;
}

/**
 * What makes logits of a node's outputs: what its model declares, else what the pair does.
 *
 * @param pair The pair.
 * @param node A node of it.
 * @returns The function; nothing if an output has the logits.
 */
export function postprocessOf(pair: PairCode, node: string): Postprocess | undefined {
  const model = pair.models[node];
  return model?.output === undefined ? model?.postprocess ?? pair.postprocess : undefined;
}

/** Whether a pair or one of its models has functions. */
export function hasCode(pair: PairCode): boolean {
  return [pair, ...Object.values(pair.models)].some((place) =>
    place.preprocess !== undefined || place.postprocess !== undefined
  );
}

/**
 * A pair with the functions of another and no others.
 *
 * @param pair The pair.
 * @param code The other; without one the result is plain data, which can be sent to a worker.
 * @returns The pair.
 */
export function withCodeOf<P extends PairCode>(pair: P, code: PairCode = { models: {} }): P {
  const models = Object.entries(pair.models).map(([node, model]) => {
    return [node, withFunctions(model, code.models[node] ?? {})] as const;
  });
  return { ...withFunctions(pair, code), models: Object.fromEntries(models) };
}

function withFunctions<T extends PluginCode>(
  place: T,
  { preprocess, postprocess }: PluginCode,
): T {
  return { ...place, preprocess, postprocess };
}
