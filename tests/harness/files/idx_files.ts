/** The content of an IDX file of unsigned bytes. */
export function idxFile(shape: readonly number[], data: ArrayLike<number>) {
  const header = new DataView(new ArrayBuffer(4 + 4 * shape.length));
  header.setUint16(2, 0x0800 + shape.length);
  shape.forEach((size, axis) => header.setUint32(4 + 4 * axis, size));
  return Uint8Array.of(...new Uint8Array(header.buffer), ...Array.from(data));
}

/** Writes a data set in four IDX files: images of 28×28, labels that take turns. */
export async function writeIdxFiles(
  folder: URL,
  { train, test }: { readonly train: number; readonly test: number },
): Promise<void> {
  for (const [name, count] of [["train", train], ["t10k", test]] as const) {
    const pixels = Array.from({ length: count * 784 }, (_, at) => (at * 7919 + (at >> 7)) % 256);
    const labels = Array.from({ length: count }, (_, index) => index % 10);
    const [images, classes] = [`${name}-images-idx3-ubyte`, `${name}-labels-idx1-ubyte`];
    await Deno.writeFile(new URL(images, folder), idxFile([count, 28, 28], pixels));
    await Deno.writeFile(new URL(classes, folder), idxFile([count], labels));
  }
}
