import type { PairSpec } from "../../registry/mod.ts";
import type { Examples } from "./examples.ts";
import { readIdxExamples } from "./idx_examples.ts";
import { readImageExamples } from "./image_examples.ts";

/** Options of {@linkcode readExamples}. */
export interface ReadExamplesOptions {
  /**
   * Of a data set in four IDX files, how many of the last training images no network was trained on.
   *
   * @default 12000
   */
  readonly heldOut?: number | undefined;
  /**
   * Of a folder of images, the part of all if `labels.csv` does not say.
   *
   * @default 0
   */
  readonly part?: number | undefined;
}

/**
 * Finds out what data set a folder holds.
 *
 * @param folder The folder, with a trailing slash.
 * @param pair The pair that the data are for.
 * @param options See {@linkcode ReadExamplesOptions}.
 * @returns The examples; images are read when they are asked for.
 * @throws {Error} If it holds none, or one that does not fit the pair; names the file and the place.
 */
export async function readExamples(
  folder: URL,
  pair: PairSpec,
  { heldOut = 12_000, part = 0 }: ReadExamplesOptions = {},
): Promise<Examples> {
  const names: string[] = [];
  for await (const entry of Deno.readDir(folder)) names.push(entry.name);
  if (names.includes("labels.csv")) return await readImageExamples(folder, pair, part);
  if (names.some((name) => name.startsWith("train-images-idx3-ubyte"))) {
    return await readIdxExamples(folder, pair, heldOut);
  }
  throw new Error(
    `Cannot use ${folder.pathname}: expected labels.csv and images, or the four IDX files of a data ` +
      "set like Fashion-MNIST (deno task data)",
  );
}
