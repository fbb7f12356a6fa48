/** What a `.npy` file says of itself before its data. */
export interface NpyHeader {
  /** NumPy's name of the element type. */
  readonly dtype: string;
  /** Sizes of the dimensions. */
  readonly shape: readonly number[];
  /** Bytes before the data. */
  readonly size: number;
}

/** `\x93NUMPY`, then the format's version, then the length of the text. */
const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];

/** A Python dict with three members in any order, of the values that a plain array can have. */
const MEMBER = String.raw`'(descr|fortran_order|shape)'\s*:\s*('[^']*'|True|False|\([\d\s,]*\))`;
const DICT = RegExp(String.raw`^\{\s*${MEMBER}\s*,\s*${MEMBER}\s*,\s*${MEMBER}\s*,?\s*\}\s*$`);

/**
 * Reads the header of a `.npy` file, format version 1.0, 2.0 or 3.0.
 *
 * @param bytes The file.
 * @returns What it says.
 * @throws {SyntaxError} If the file is not a plain array, rows first.
 */
export function parseHeader(bytes: Uint8Array): NpyHeader {
  if (MAGIC.some((byte, index) => bytes[index] !== byte)) {
    throw new SyntaxError("expected a .npy file, got something else");
  }
  const [major = 0, minor = 0] = bytes.subarray(6, 8);
  if (major < 1 || major > 3 || minor !== 0) {
    throw new SyntaxError(`expected .npy format 1.0, 2.0 or 3.0, got ${major}.${minor}`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = major === 1 ? 10 : 12;
  if (bytes.length < start) throw cutOff();
  const size = start + (major === 1 ? view.getUint16(8, true) : view.getUint32(8, true));
  if (bytes.length < size) throw cutOff();
  const text = new TextDecoder().decode(bytes.subarray(start, size));
  return { ...parseDict(text), size };
}

/**
 * Writes a header of format version 1.0 as NumPy does: text padded so that the data begins at a
 * multiple of 64 bytes.
 *
 * @param dtype NumPy's name of the element type.
 * @param shape Sizes of the dimensions.
 * @returns The bytes before the data.
 */
export function formatHeader(dtype: string, shape: readonly number[]): Uint8Array<ArrayBuffer> {
  const sizes = shape.length === 1 ? `${shape[0]},` : shape.join(", ");
  // Room for the first size to grow in place, then one to 64 spaces, as NumPy leaves them.
  const room = shape.length === 0 ? 0 : 21 - String(shape[0]).length;
  const dict = `{'descr': '${dtype}', 'fortran_order': False, 'shape': (${sizes}), }`;
  const start = MAGIC.length + 4;
  const length = Math.floor((start + dict.length + room + 1) / 64 + 1) * 64 - start;
  const bytes = new Uint8Array(start + length);
  bytes.set([...MAGIC, 1, 0, length & 0xff, length >> 8]);
  bytes.set(new TextEncoder().encode(`${dict.padEnd(length - 1)}\n`), start);
  return bytes;
}

function parseDict(text: string): Omit<NpyHeader, "size"> {
  const parts = DICT.exec(text)?.slice(1) ?? [];
  const members = new Map(
    [0, 2, 4].map((index) => [parts[index], parts[index + 1] ?? ""] as const),
  );
  const [descr, order, shape] = ["descr", "fortran_order", "shape"].map((key) => members.get(key));
  if (!descr?.startsWith("'") || !/^[TF]/.test(order ?? "") || !shape?.startsWith("(")) {
    throw new SyntaxError(`expected a plain array, got ${text.trim().slice(0, 80)}`);
  }
  if (order === "True") {
    throw new SyntaxError("expected rows first, got fortran_order; use numpy.ascontiguousarray");
  }
  return { dtype: descr.slice(1, -1), shape: (shape.match(/\d+/g) ?? []).map(Number) };
}

function cutOff(): SyntaxError {
  return new SyntaxError("expected a whole .npy file, got one that is cut off in its header");
}
