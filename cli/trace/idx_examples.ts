import { createHash } from "node:crypto";
import type { Pixels } from "../../registry/input/image/mod.ts";
import type { PairSpec } from "../../registry/mod.ts";
import type { Examples } from "./examples.ts";
import { type IdxArray, readIdx } from "./idx.ts";
import { ifThere } from "../shared/if_there.ts";

interface Part {
  readonly name: string;
  readonly images: IdxArray;
  readonly labels: IdxArray;
}

/**
 * Reads a data set in four IDX files, like Fashion-MNIST: the last training images are part 0, the
 * test images are part 1.
 *
 * @param folder The folder of the files, gzipped or not.
 * @param pair The pair that the data are for.
 * @param heldOut How many of the training images no network was trained on.
 * @returns The examples, named `train-48000` and so on, by their places in the files.
 * @throws {Error} If a file is missing or damaged, or does not fit the others or the pair.
 */
export async function readIdxExamples(
  folder: URL,
  pair: PairSpec,
  heldOut: number,
): Promise<Examples> {
  const [train, test] = [await readPart(folder, "train"), await readPart(folder, "t10k")];
  const trained = count(train) - heldOut;
  if (trained < 0) {
    throw new Error(
      `Cannot hold out ${heldOut} training images of ${folder.pathname}: there are ${count(train)}`,
    );
  }
  const rows = [
    ...range(trained, count(train)).map((index) => ({ part: train, index })),
    ...range(0, count(test)).map((index) => ({ part: test, index })),
  ];
  const labels = Int32Array.from(rows, ({ part, index }) => part.labels.data[index] as number);
  const wrong = labels.findIndex((label) => label >= pair.labels.length);
  if (wrong >= 0) {
    throw new Error(
      `Cannot use ${folder.pathname} for ${pair.name}: label ${labels[wrong]} of ` +
        `${nameOf(rows[wrong])}, expected 0 to ${pair.labels.length - 1}`,
    );
  }
  const hash = createHash("sha256").update(String(heldOut));
  for (const { images, labels } of [train, test]) hash.update(images.data).update(labels.data);
  return {
    ids: rows.map(nameOf),
    labels,
    part: Uint8Array.from(rows, ({ part }) => part === test ? 1 : 0),
    fingerprint: hash.digest("hex"),
    pixels: (row) => {
      const { part, index } = rows[row] as (typeof rows)[number];
      return Promise.resolve(greyPixels(part.images, index));
    },
  };
}

async function readPart(folder: URL, name: string): Promise<Part> {
  const images = await readIdx(await find(folder, `${name}-images-idx3-ubyte`));
  const labels = await readIdx(await find(folder, `${name}-labels-idx1-ubyte`));
  const [[many, height, width], [labelled]] = [images.shape, labels.shape];
  if (images.shape.length !== 3 || !height || !width) {
    throw new Error(
      `Cannot use ${name}-images-idx3-ubyte of ${folder.pathname}: expected shape ` +
        `[examples, height, width], got [${images.shape.join(", ")}]`,
    );
  }
  if (labels.shape.length !== 1 || labelled !== many) {
    throw new Error(
      `Cannot use ${name}-labels-idx1-ubyte of ${folder.pathname}: expected shape [${many}] as ` +
        `there are images, got [${labels.shape.join(", ")}]`,
    );
  }
  return { name, images, labels };
}

async function find(folder: URL, name: string): Promise<URL> {
  for (const file of [new URL(`${name}.gz`, folder), new URL(name, folder)]) {
    if (await ifThere(Deno.stat(file))) return file;
  }
  throw new Error(`Cannot find ${name} or ${name}.gz in ${folder.pathname}`);
}

function greyPixels({ shape, data }: IdxArray, index: number): Pixels {
  const [, height = 0, width = 0] = shape;
  const size = height * width;
  const pixels = new Uint8ClampedArray(size * 4).fill(255);
  data.subarray(index * size, (index + 1) * size).forEach((grey, at) => {
    pixels.fill(grey, at * 4, at * 4 + 3);
  });
  return { height, width, data: pixels };
}

function nameOf(row: { part: Part; index: number } | undefined): string {
  return `${row?.part.name}-${row?.index}`;
}

function count({ labels }: Part): number {
  return labels.data.length;
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, index) => from + index);
}
