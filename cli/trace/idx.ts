import { unzip } from "../shared/unzip.ts";

/** An array of bytes as an IDX file holds it (http://yann.lecun.com/exdb/mnist/). */
export interface IdxArray {
  /** Sizes of the dimensions. */
  readonly shape: readonly number[];
  /** The elements, row-major. */
  readonly data: Uint8Array;
}

/**
 * Reads an IDX file, gzipped or not.
 *
 * @param file The file.
 * @returns Its array.
 * @throws {Error} If it is damaged or does not hold unsigned bytes; names the file.
 */
export async function readIdx(file: URL): Promise<IdxArray> {
  const bytes = await Deno.readFile(file);
  try {
    return parseIdx(bytes[0] === 0x1f && bytes[1] === 0x8b ? await unzip(bytes) : bytes);
  } catch (cause) {
    throw new Error(`Cannot use ${file.pathname}: ${(cause as Error).message}`, { cause });
  }
}

/**
 * Reads the content of an IDX file.
 *
 * @param bytes The unpacked file.
 * @returns Its array.
 * @throws {SyntaxError} If it is anything else than an array of unsigned bytes.
 */
export function parseIdx(bytes: Uint8Array): IdxArray {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const rank = bytes[3] ?? 0;
  const start = 4 + 4 * rank;
  // Two zeros, then the type: 8 stands for unsigned bytes.
  if (bytes.length < start || view.getUint16(0) !== 0 || bytes[2] !== 8) {
    throw new SyntaxError("expected an IDX file of unsigned bytes");
  }
  const shape = Array.from({ length: rank }, (_, axis) => view.getUint32(4 + 4 * axis));
  const count = shape.reduce((product, size) => product * size, 1);
  if (bytes.length - start !== count) {
    throw new SyntaxError(
      `expected ${count} bytes for shape [${shape.join(", ")}], got ${bytes.length - start}`,
    );
  }
  return { shape, data: bytes.subarray(start) };
}
