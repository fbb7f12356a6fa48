import { ifThere } from "../../cli/shared/mod.ts";
import { readIdx } from "../../cli/trace/mod.ts";
import { pngOf } from "../../tests/harness/files/pictures.ts";
import { readSamples } from "../../tests/harness/files/samples.ts";
import type { Example } from "./compare.ts";

const DATA = new URL("../../data/fashion-mnist/", import.meta.url);
const PAIR = new URL("../../registry/plugins/fashion-mnist/pair.ts", import.meta.url);

/** Number of images of the test set. */
export const TEST_SIZE = 10_000;

/** The test images of Fashion-MNIST if they have been fetched, else the samples that ship. */
export async function readExamples(): Promise<Example[]> {
  const images = await ifThere(readIdx(new URL("t10k-images-idx3-ubyte.gz", DATA)));
  const labels = await ifThere(readIdx(new URL("t10k-labels-idx1-ubyte.gz", DATA)));
  if (images && labels) {
    return Array.from(labels.data, (label, index) => {
      return exampleOf(images.data.subarray(index * 784, (index + 1) * 784), label);
    });
  }
  console.log("Without the test set (`deno task data`): the 60 samples are used");
  const { default: { labels: names } } = await import(PAIR.href);
  return (await readSamples()).map(({ pixels, label }) => exampleOf(pixels, names.indexOf(label)));
}

function exampleOf(pixels: Uint8Array, label: number): Example {
  return { image: pngOf(pixels), type: "image/png", label };
}
