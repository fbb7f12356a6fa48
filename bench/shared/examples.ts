import { encode } from "fast-png";
import type { Example } from "./compare.ts";

const DATA = new URL("../../data/fashion-mnist/", import.meta.url);
const SAMPLES = new URL("../../registry/plugins/fashion-mnist/samples/", import.meta.url);
const REFERENCE = new URL("../../tests/fixtures/reference/samples.json", import.meta.url);
const LABELS = [
  "T-shirt/top",
  "Trouser",
  "Pullover",
  "Dress",
  "Coat",
  "Sandal",
  "Shirt",
  "Sneaker",
  "Bag",
  "Ankle boot",
];

/** Number of images of the test set. */
export const TEST_SIZE = 10_000;

/** The test images of Fashion-MNIST if they have been fetched, else the samples that ship. */
export async function readExamples(): Promise<Example[]> {
  const [images, labels] = await readTestSet() ?? await readSamples();
  return Array.from(labels, (label, index) => {
    const data = images.subarray(index * 784, (index + 1) * 784);
    const image = new Uint8Array(encode({ data, width: 28, height: 28, channels: 1 }));
    return { image, type: "image/png", label };
  });
}

async function readTestSet(): Promise<[Uint8Array, Uint8Array] | undefined> {
  try {
    const images = await unpack(new URL("t10k-images-idx3-ubyte.gz", DATA));
    const labels = await unpack(new URL("t10k-labels-idx1-ubyte.gz", DATA));
    return [images.subarray(16), labels.subarray(8)];
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    console.log("Without the test set (`deno task data`): the 60 samples are used");
    return undefined;
  }
}

async function readSamples(): Promise<[Uint8Array, Uint8Array]> {
  const { names, pixels } = JSON.parse(await Deno.readTextFile(REFERENCE));
  const labels = JSON.parse(await Deno.readTextFile(new URL("labels.json", SAMPLES)));
  const indices = names.map((name: string) => LABELS.indexOf(labels[name]));
  return [Uint8Array.from(atob(pixels), (c) => c.charCodeAt(0)), Uint8Array.from(indices)];
}

async function unpack(file: URL): Promise<Uint8Array> {
  const stream = (await Deno.open(file)).readable.pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
