import { type Inference, MILLISECONDS, type PairSpec } from "../../registry/mod.ts";
import type { Datatype, ElementsOf } from "../../registry/oip/mod.ts";
import { showCost, softmax } from "../http/numbers.ts";
import type { TensorMetadata } from "./model_description.ts";

/** An output of every pair. */
export interface Output<D extends Datatype = Datatype> {
  /** Type of its elements. */
  readonly datatype: D;
  /** Whether it has a number for each label, or one element for each item. */
  readonly perLabel: boolean;
  /** What the metadata says beside. */
  readonly parameters?: (spec: PairSpec) => TensorMetadata["parameters"];
  /** Of all items, in the order of the request. */
  elements(inference: Inference): ElementsOf[D];
}

const ON_REQUEST = () => ({ optional: true });

/** All of them by name. */
export const OUTPUTS: Readonly<Record<string, Output>> = {
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
    parameters: ({ costUnit = MILLISECONDS }) => ({ ...ON_REQUEST(), unit: costUnit }),
    elements: ({ items, pair }) =>
      Float32Array.from(items, ({ cost }) => showCost(pair.costs, cost) ?? NaN),
  }),
};

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
    ...(parameters && { parameters: parameters(spec) }),
  }));
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

function joined(rows: readonly Float32Array[]): Float32Array<ArrayBuffer> {
  const width = rows[0]?.length ?? 0;
  const all = new Float32Array(rows.length * width);
  rows.forEach((row, index) => all.set(row, index * width));
  return all;
}

/** Texts as elements of `BYTES`. */
export function encoded(texts: readonly string[]): Uint8Array<ArrayBuffer>[] {
  const encoder = new TextEncoder();
  return texts.map((text) => encoder.encode(text));
}
