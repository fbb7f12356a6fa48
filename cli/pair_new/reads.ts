import type { TensorInfo } from "../../registry/mod.ts";
import type { ReadModel } from "./read_models.ts";

/** An output of another model. */
export interface ReadOutput {
  /** Node of the model that gives it. */
  readonly node: string;
  /** Its name. */
  readonly output: string;
}

/** By node and input: the output of another model that it reads, or undefined for the request. */
export type Reads = ReadonlyMap<string, ReadonlyMap<string, ReadOutput | undefined>>;

/**
 * Finds the stages of a network that was cut at early exits: an input that has the shape of another
 * model's features reads them. Features are what is no vector of scores; of several that fit, the one of
 * the same name is taken.
 *
 * @param models The models.
 * @returns What each input reads.
 * @throws {Error} If several fit and none has the name.
 */
export function whatIsRead(models: readonly ReadModel[]): Reads {
  return new Map(models.map((model) => [
    model.name,
    new Map(model.inputs.map((input) => [input.name, findSource(model, input, models)])),
  ]));
}

function findSource(
  model: ReadModel,
  input: TensorInfo,
  models: readonly ReadModel[],
): ReadOutput | undefined {
  const fit = models.filter((other) => other !== model).flatMap(({ name: node, outputs }) =>
    outputs
      .filter(({ shape }) => shape.length > 2 && sameItem(shape, input.shape))
      .map(({ name: output }) => ({ node, output }))
  );
  const named = fit.filter(({ output }) => output === input.name);
  const [found, ...others] = named.length > 0 ? named : fit;
  if (others.length === 0) return found;
  const listed = fit.map(({ node, output }) => `${node}.${output}`).join(", ");
  throw new Error(
    `Cannot know what ${model.name} reads as ${input.name}: ${listed} fit; write pair.ts by hand, or ` +
      "export the input under the name of the output",
  );
}

function sameItem(a: TensorInfo["shape"], b: TensorInfo["shape"]): boolean {
  return a.length === b.length &&
    a.slice(1).every((size, axis) => typeof size === "number" && size === b[axis + 1]);
}
