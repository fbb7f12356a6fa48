import { type Inference, InvalidInputError, type PairSpec } from "../../registry/mod.ts";
import {
  type Datatype,
  type ElementsOf,
  writeBinaryData,
  writeJsonData,
} from "../../registry/oip/mod.ts";
import type { RequestedTensor, ResponseTensor } from "./infer_description.ts";
import { encoded, OUTPUTS } from "./outputs.ts";

/** The output that is given if none is asked for. */
const DEFAULT = "logits";

/** An output as a request wants it. */
export interface WantedOutput {
  /** One of those that {@linkcode OUTPUTS} has. */
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
