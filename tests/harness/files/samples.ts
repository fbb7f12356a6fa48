import { readJson, ROOT } from "./project.ts";

const SAMPLES = "registry/plugins/fashion-mnist/samples";
const REFERENCE = "tests/fixtures/reference";

/** A sample image: its name, its PNG file, its label and the pixels that training saw. */
export interface Sample {
  readonly name: string;
  readonly png: Uint8Array<ArrayBuffer>;
  readonly label: string;
  /** 784 grey values, row-major. */
  readonly pixels: Uint8Array;
}

/** The 60 sample images in the order of the reference answers. */
export async function readSamples(): Promise<Sample[]> {
  const labels = await readJson<Record<string, string>>(`${SAMPLES}/labels.json`);
  const { names, pixels } = await readJson<{ names: string[]; pixels: string }>(
    `${REFERENCE}/samples.json`,
  );
  const raw = Uint8Array.from(atob(pixels), (character) => character.charCodeAt(0));
  return await Promise.all(names.map(async (name, index) => ({
    name,
    png: await readSample(name),
    label: labels[name] ?? "",
    pixels: raw.subarray(index * 784, (index + 1) * 784),
  })));
}

/** Reads the PNG file of one sample image. */
export function readSample(name: string): Promise<Uint8Array<ArrayBuffer>> {
  return Deno.readFile(new URL(`${SAMPLES}/${name}`, ROOT));
}

/** PyTorch's logits for the samples: by node, then by sample. */
export function readReference(pair: string): Promise<Record<string, number[][]>> {
  return readJson(`${REFERENCE}/${pair}.json`);
}

/** The samples as one normalised tensor, `[60, 1, 28, 28]`. */
export function normalise(samples: readonly Sample[]): number[] {
  return samples.flatMap(({ pixels }) => Array.from(pixels, (p) => (p / 255 - 0.286) / 0.353));
}
