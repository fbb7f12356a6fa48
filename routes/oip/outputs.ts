import { type Inference, InvalidInputError, type PairSpec } from "../../registry/mod.ts";
import {
  type Datatype,
  type ElementsOf,
  writeBinaryData,
  writeJsonData,
} from "../../registry/oip/mod.ts";
import { COST_UNIT, round, softmax } from "../format.ts";
import type { RequestedTensor, ResponseTensor, TensorMetadata } from "./schemas.ts";

/** An output of every pair. */
interface Output<D extends Datatype = Datatype> {
  readonly datatype: D;
  /** Whether it has a number for each label, or one element for each item. */
  readonly perLabel: boolean;
  readonly parameters?: TensorMetadata["parameters"];
  elements(inference: Inference): ElementsOf[D];
}

/** The output that is given if none is asked for. */
const DEFAULT = "logits";

const ON_REQUEST = { optional: true } as const;

const OUTPUTS: Readonly<Record<string, Output>> = {
  logits: output({
    datatype: "FP32",
    perLabel: true,
    elements: ({ items }) => joined(items.map(({ logits }) => logits)),
  }),
  probabilities: output({
    datatype: "FP32",
    perLabel: true,
    parameters: ON_REQUEST,
    elements: ({ items }) => joined(items.map(({ logits }) => softmax(logits))),
  }),
  label: output({
    datatype: "BYTES",
    perLabel: false,
    parameters: ON_REQUEST,
    elements: (inference) => {
      const { labels } = inference.pair.spec;
      return encoded(likeliest(inference).map((index) => labels[index] ?? ""));
    },
  }),
  label_index: output({
    datatype: "INT64",
    perLabel: false,
    parameters: ON_REQUEST,
    elements: (inference) => BigInt64Array.from(likeliest(inference), BigInt),
  }),
  route: output({
    datatype: "BYTES",
    perLabel: false,
    parameters: ON_REQUEST,
    elements: ({ items }) => encoded(items.map(({ path }) => path.join(">"))),
  }),
  cost: output({
    datatype: "FP32",
    perLabel: false,
    parameters: { ...ON_REQUEST, unit: COST_UNIT },
    elements: ({ items }) => Float32Array.from(items, ({ costMs }) => round(costMs)),
  }),
};

/** An output as a request wants it. */
export interface WantedOutput {
  /** One of those that {@linkcode describeOutputs} lists. */
  readonly name: string;
  /** Whether it follows the JSON. */
  readonly isBinary: boolean;
  /** How many of the highest classes are wanted, in place of the numbers. */
  readonly classes: number | undefined;
}

/** An output of an answer, and its bytes if it is in binary form. */
export interface WrittenOutput {
  /** Its place in the JSON. */
  readonly tensor: ResponseTensor;
  /** What follows the JSON. */
  readonly bytes?: Uint8Array;
}

/**
 * The outputs of a pair.
 *
 * @param spec The pair.
 * @returns Name, datatype and shape of each.
 */
export function describeOutputs(spec: PairSpec): TensorMetadata[] {
  return Object.entries(OUTPUTS).map(([name, { datatype, perLabel, parameters }]) => ({
    name,
    datatype,
    shape: perLabel ? [-1, spec.labels.length] : [-1],
    ...(parameters && { parameters }),
  }));
}

/**
 * Reads which outputs a request wants.
 *
 * @param requested The member `outputs` of the request.
 * @param binaryByDefault Its parameter `binary_data_output`.
 * @param spec The pair that is asked.
 * @returns The outputs, in the order of the request.
 * @throws {InvalidInputError} If there is no such output, or it is asked for twice.
 */
export function readOutputs(
  requested: readonly RequestedTensor[] = [],
  binaryByDefault: boolean,
  spec: PairSpec,
): WantedOutput[] {
  const wanted = requested.length > 0 ? requested : [{ name: DEFAULT }];
  return wanted.map(({ name, parameters = {} }, index) => {
    const field = `outputs[${index}]`;
    const known = Object.hasOwn(OUTPUTS, name) ? OUTPUTS[name] : undefined;
    if (!known) {
      const names = Object.keys(OUTPUTS).map((name) => JSON.stringify(name)).join(", ");
      const reason = `is ${JSON.stringify(name)}, expected one of ${names}`;
      throw new InvalidInputError(`${field}.name`, reason);
    }
    if (wanted.findIndex((other) => other.name === name) < index) {
      throw new InvalidInputError(`${field}.name`, `is "${name}" again, expected it once`);
    }
    const { binary_data: isBinary = binaryByDefault, classification: classes } = parameters;
    const most = known.perLabel ? spec.labels.length : 0;
    if (classes !== undefined && (classes < 1 || classes > most)) {
      throw new InvalidInputError(
        `${field}.parameters.classification`,
        `is ${classes}, expected ${most > 0 ? `1 to ${most} classes` : `none for ${name}`}`,
      );
    }
    return { name, isBinary, classes };
  });
}

/**
 * Writes an output of an answer.
 *
 * @param inference The answer.
 * @param wanted How the output is wanted.
 * @returns The output, in JSON or in binary form.
 */
export function writeOutput(inference: Inference, wanted: WantedOutput): WrittenOutput {
  const { name, isBinary, classes } = wanted;
  const { datatype, perLabel, elements } = OUTPUTS[name]!;
  const count = inference.items.length;
  if (classes !== undefined) {
    const strings = highest(elements(inference) as Float32Array, classes, inference);
    return write({ name, datatype: "BYTES", shape: [count, classes] }, encoded(strings), isBinary);
  }
  const shape = perLabel ? [count, inference.pair.spec.labels.length] : [count];
  return write({ name, datatype, shape }, elements(inference), isBinary);
}

function write<D extends Datatype>(
  tensor: ResponseTensor & { readonly datatype: D },
  elements: ElementsOf[D],
  isBinary: boolean,
): WrittenOutput {
  if (!isBinary) return { tensor: { ...tensor, data: writeJsonData(tensor.datatype, elements) } };
  const bytes = writeBinaryData(tensor.datatype, elements);
  return { tensor: { ...tensor, parameters: { binary_data_size: bytes.length } }, bytes };
}

/** Lets the elements be of the datatype. */
function output<D extends Datatype>(output: Output<D>): Output {
  return output as unknown as Output;
}

/** The first of the largest probabilities of every item, as in the answers of `classify`. */
function likeliest({ items }: Inference): number[] {
  return items.map(({ logits }) => {
    const probabilities = softmax(logits);
    return probabilities.indexOf(probabilities.reduce((a, b) => Math.max(a, b)));
  });
}

/** `value:index:label` of the highest numbers of every item: Triton's classification extension. */
function highest(numbers: Float32Array, classes: number, { pair, items }: Inference): string[] {
  const { labels } = pair.spec;
  return items.flatMap((_, item) => {
    const values = numbers.subarray(item * labels.length, (item + 1) * labels.length);
    return Array.from(values.keys())
      .sort((a, b) => values[b]! - values[a]! || a - b)
      .slice(0, classes)
      .map((index) => `${values[index]!.toFixed(6)}:${index}:${labels[index]}`);
  });
}

function joined(rows: readonly Float32Array[]): Float32Array<ArrayBuffer> {
  const width = rows[0]?.length ?? 0;
  const all = new Float32Array(rows.length * width);
  rows.forEach((row, index) => all.set(row, index * width));
  return all;
}

function encoded(texts: readonly string[]): Uint8Array<ArrayBuffer>[] {
  const encoder = new TextEncoder();
  return texts.map((text) => encoder.encode(text));
}
