import { crc32 } from "node:zlib";
import { unzipSync, zipSync } from "fflate";

/** Deflate never packs more tightly than this: a file that claims to is not one. */
const MAX_RATIO = 1032;
/** Enough for 100,000 answers of five networks to 1,000 classes as float32. */
const MAX_BYTES = 2 ** 31;
const DIRECTORY_END = 0x06054b50;
const DIRECTORY_ENTRY = 0x02014b50;

/**
 * Unpacks a `.npz` file: a zip of `.npy` files, packed or not.
 *
 * @param bytes The file.
 * @returns The `.npy` files by the names of the arrays.
 * @throws {SyntaxError} If it is not such a file, is damaged, holds a name twice, or claims to hold
 * more than 2 GiB.
 */
export function unpackNpz(bytes: Uint8Array): Map<string, Uint8Array> {
  const checksums = readChecksums(bytes);
  const sizes = new Map<string, number>();
  let total = 0;
  const unpacked = unzip(bytes, ({ name, size, originalSize }) => {
    if (sizes.has(name)) throw new SyntaxError(`expected ${name} once, got it twice`);
    total += originalSize;
    if (total > MAX_BYTES || originalSize > (size + 16) * MAX_RATIO) {
      throw new SyntaxError(`expected at most 2 GiB in all, got ${originalSize} in ${name}`);
    }
    sizes.set(name, originalSize);
    return true;
  });
  return new Map([...sizes].map(([name, size], index) => {
    const file = unpacked[name];
    // fflate compares neither.
    if (file?.length !== size || crc32(file) !== checksums[index]) {
      throw new SyntaxError(`expected ${name} as it was packed, got it damaged`);
    }
    if (!name.endsWith(".npy")) throw new SyntaxError(`expected .npy files, got ${name}`);
    return [name.slice(0, -".npy".length), file];
  }));
}

/**
 * Packs arrays into a `.npz` file. Equal arrays make equal files.
 *
 * @param files The `.npy` files by the names of the arrays.
 * @returns The file.
 */
export function packNpz(files: ReadonlyMap<string, Uint8Array>): Uint8Array {
  const named = [...files].map(([name, bytes]) => [`${name}.npy`, bytes] as const);
  // Zip knows no earlier time than this.
  return zipSync(Object.fromEntries(named), { mtime: new Date(1980, 0, 1) });
}

type Filter = NonNullable<NonNullable<Parameters<typeof unzipSync>[1]>["filter"]>;

function unzip(bytes: Uint8Array, filter: Filter): Record<string, Uint8Array> {
  try {
    return unzipSync(bytes, { filter });
  } catch (error) {
    if (error instanceof SyntaxError) throw error;
    throw new SyntaxError(`expected a whole zip file, got a damaged one`, { cause: error });
  }
}

/** The checksums that the zip's directory states, in its order. */
function readChecksums(bytes: Uint8Array): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  // Before the end there can be a comment of up to 64 KiB.
  const last = bytes.length - 22;
  let end = last;
  while (end >= Math.max(0, last - 0xffff) && view.getUint32(end, true) !== DIRECTORY_END) end--;
  if (end < Math.max(0, last - 0xffff)) {
    throw new SyntaxError("expected a zip file (.npz), got something else or one that is cut off");
  }
  const checksums: number[] = [];
  let entry = view.getUint32(end + 16, true);
  for (let count = view.getUint16(end + 10, true); count > 0; count--) {
    if (entry + 46 > end || view.getUint32(entry, true) !== DIRECTORY_ENTRY) {
      throw new SyntaxError("expected a whole zip file, got one with a damaged directory");
    }
    checksums.push(view.getUint32(entry + 16, true));
    const lengths = [28, 30, 32].map((at) => view.getUint16(entry + at, true));
    entry = lengths.reduce((sum, length) => sum + length, entry + 46);
  }
  return checksums;
}
