import { show } from "../../policies/mod.ts";
import { chain, type ImageSpec, type ModelSpec, type PairSpec } from "../../registry/mod.ts";
import { findLabelCount, scoresOf } from "./labels.ts";
import type { ReadModel } from "./read_models.ts";
import { type Reads, whatIsRead } from "./reads.ts";

/** What the user says of the pair, beside its models. */
export interface PairWishes {
  /** Name of the pair. */
  readonly name: string;
  /** The class names. */
  readonly labels?: readonly string[] | undefined;
  /** Height and width of images, for models of any size. */
  readonly size?: readonly [height: number, width: number] | undefined;
  /** What is subtracted from `pixel / 255`, by channel. */
  readonly mean?: readonly number[] | undefined;
  /** What the difference is divided by, by channel. */
  readonly std?: readonly number[] | undefined;
}

/** A pair as far as its models tell it, and what its owner should look at. */
export interface InferredPair {
  /** The pair. */
  readonly pair: PairSpec;
  /** The models, from cheap to expensive. */
  readonly models: readonly ReadModel[];
  /** What was assumed, each a sentence. */
  readonly notes: readonly string[];
}

/**
 * Makes a pair of models: their order, what each reads, the shape of the input, the number of labels.
 *
 * @param models The models, in any order.
 * @param wishes What they cannot tell.
 * @returns The pair; its sources are `./<node>.onnx`.
 * @throws {Error} If the models cannot be a pair; says which and why.
 */
export function inferPair(models: readonly ReadModel[], wishes: PairWishes): InferredPair {
  const notes: string[] = [];
  const reads = whatIsRead(models);
  const ordered = order(models, reads);
  const labels = labelsOf(ordered, wishes.labels, notes);
  const { input, shapes } = inputOf(ordered, reads, wishes.size);
  const image = imageOf(input.shape, wishes, notes);
  const specs = ordered.map((model): [string, ModelSpec] => [model.name, {
    source: `./${model.name}.onnx`,
    sha256: model.sha256,
    ...inputsOf(model, reads, input.name),
    ...outputOf(model),
    ...ownImage(shapes.get(model.name), input.shape, image),
  }]);
  return {
    pair: {
      name: wishes.name,
      labels,
      input,
      ...(image && { image }),
      models: Object.fromEntries(specs),
      graph: chain(...ordered.map(({ name }) => name)),
    },
    models: ordered,
    notes,
  };
}

/** From cheap to expensive; a model that reads another comes after it. */
function order(models: readonly ReadModel[], reads: Reads): ReadModel[] {
  const left = models.toSorted((a, b) => (a.ms ?? a.bytes / 1e6) - (b.ms ?? b.bytes / 1e6));
  const ordered: ReadModel[] = [];
  while (left.length > 0) {
    const placed = new Set(ordered.map(({ name }) => name));
    const next = left.findIndex(({ name }) => {
      return [...reads.get(name)?.values() ?? []].every((from) => !from || placed.has(from.node));
    });
    if (next < 0) {
      const names = left.map(({ name }) => name).join(", ");
      throw new Error(`Cannot order ${names}: each reads an output of another of them`);
    }
    ordered.push(...left.splice(next, 1));
  }
  return ordered;
}

function labelsOf(
  models: readonly ReadModel[],
  labels: readonly string[] | undefined,
  notes: string[],
): readonly string[] {
  const count = findLabelCount(models);
  if (labels && labels.length !== count) {
    throw new Error(
      `Cannot use --labels: there are ${labels.length}, the models have ${count} scores`,
    );
  }
  if (labels) return labels;
  notes.push(`labels are class_0 to class_${count - 1}: name them in pair.ts, or give --labels`);
  return Array.from({ length: count }, (_, index) => `class_${index}`);
}

function inputOf(
  models: readonly ReadModel[],
  reads: Reads,
  size: PairWishes["size"],
): { input: PairSpec["input"]; shapes: ReadonlyMap<string, readonly number[]> } {
  const shapes = new Map<string, readonly number[]>();
  const names = new Set<string>();
  for (const { name, inputs } of models) {
    for (const { name: input, shape } of inputs) {
      if (reads.get(name)?.get(input)) continue;
      names.add(input);
      shapes.set(name, fixedShape(name, shape.slice(1), size));
    }
  }
  const all = [...shapes.values()];
  const shape = all.at(-1);
  if (!shape) throw new Error("Cannot make a pair: no model reads the request");
  const other = [...shapes].find(([, own]) => own.length !== shape.length || own[0] !== shape[0]);
  if (other) {
    throw new Error(
      `Cannot make a pair: ${other[0]} reads ${show(other[1])}, others ${show(shape)}; expected ` +
        "inputs that differ in height and width at most",
    );
  }
  const [only, ...others] = names;
  // A name that all models share is the one that their users know.
  const name = others.length === 0 && only && !only.includes(".") ? only : "input";
  return { input: { name, datatype: "FP32", shape }, shapes };
}

function fixedShape(
  node: string,
  shape: readonly (number | string)[],
  size: PairWishes["size"],
): number[] {
  if (shape.every((length) => typeof length === "number")) return [...shape];
  const [channels] = shape;
  if (shape.length === 3 && typeof channels === "number" && size) return [channels, ...size];
  throw new Error(
    `Cannot know the input of ${node}: its shape is ${show(["batch", ...shape])}; give --size ` +
      "<height>x<width> for images, or export it with fixed sizes",
  );
}

function imageOf(
  [channels, ...size]: readonly number[],
  { mean, std }: PairWishes,
  notes: string[],
): ImageSpec | undefined {
  if (size.length !== 2 || (channels !== 1 && channels !== 3)) {
    if (mean || std) throw new Error("Cannot use --mean and --std: the input is no image");
    notes.push("the input is no image of 1 or 3 channels: the pair takes tensors only");
    return undefined;
  }
  if (!mean || !std) {
    notes.push(
      "pixels are divided by 255 and not normalised: set mean and std in pair.ts as in training, or give " +
        "--mean and --std",
    );
  }
  const each = (values: readonly number[] | undefined, fallback: number, flag: string) => {
    if (values && values.length !== channels && values.length !== 1) {
      throw new Error(
        `Cannot use ${flag} ${values}: expected ${channels === 1 ? "" : "1 or "}${channels}`,
      );
    }
    return Array.from(
      { length: channels },
      (_, index) => values?.[index] ?? values?.[0] ?? fallback,
    );
  };
  return {
    channels,
    resize: "fit",
    mean: each(mean, 0, "--mean"),
    std: each(std, 1, "--std"),
  };
}

function ownImage(
  own: readonly number[] | undefined,
  shape: readonly number[],
  image: ImageSpec | undefined,
): Pick<ModelSpec, "image"> {
  if (!own || !image || own.every((size, axis) => size === shape[axis])) return {};
  return { image: { ...image, size: [own[1] as number, own[2] as number] } };
}

function inputsOf(model: ReadModel, reads: Reads, request: string): Pick<ModelSpec, "inputs"> {
  const own = reads.get(model.name);
  if (model.inputs.length === 1 && !own?.get(model.inputs[0]?.name ?? "")) return {};
  const entries = model.inputs.map(({ name }) => {
    const from = own?.get(name);
    return [name, from ? `${from.node}.${from.output}` : request];
  });
  return { inputs: Object.fromEntries(entries) };
}

function outputOf(model: ReadModel): Pick<ModelSpec, "output"> {
  const { name } = scoresOf(model);
  return model.outputs.length === 1 || name === "logits" ? {} : { output: name };
}
