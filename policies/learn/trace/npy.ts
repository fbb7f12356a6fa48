import { formatHeader, parseHeader } from "./npy_header.ts";
import { formatText, parseText } from "./npy_text.ts";

/** Numbers as NumPy stores them. */
export type NpyNumbers =
  | Float16Array
  | Float32Array
  | Float64Array
  | Int8Array
  | Int16Array
  | Int32Array
  | BigInt64Array
  | Uint8Array
  | Uint16Array
  | Uint32Array
  | BigUint64Array;

/** An array as NumPy stores it, row-major. */
export interface NpyArray {
  /** Sizes of the dimensions; empty for a single value. */
  readonly shape: readonly number[];
  /** The elements, `product(shape)` of them. */
  readonly values: NpyNumbers | readonly string[];
}

/** An array that was read, with the name of its element type. */
export interface ParsedNpyArray extends NpyArray {
  /** Name of the element type in NumPy, such as `<f4`. */
  readonly dtype: string;
}

interface NumbersClass {
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: ArrayBuffer): NpyNumbers;
}

/** Element types by NumPy's name, all little-endian as the processors are that Deno runs on. */
const TYPES: ReadonlyMap<string, NumbersClass> = new Map(Object.entries({
  "<f2": Float16Array,
  "<f4": Float32Array,
  "<f8": Float64Array,
  "|i1": Int8Array,
  "<i2": Int16Array,
  "<i4": Int32Array,
  "<i8": BigInt64Array,
  "|u1": Uint8Array,
  "<u2": Uint16Array,
  "<u4": Uint32Array,
  "<u8": BigUint64Array,
  "|b1": Uint8Array,
}));

/**
 * Reads a `.npy` file of real numbers, truth values (as 0 and 1) or text
 * (https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html).
 *
 * @param bytes The file.
 * @returns The array.
 * @throws {SyntaxError} If it is not such a file, was cut off, or holds anything else: bytes, objects,
 * records, complex numbers, another byte order, columns before rows.
 *
 * @example Round trip
 * ```ts
 * import { formatNpy, parseNpy } from "./npy.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const bytes = formatNpy({ shape: [1, 2], values: Float32Array.of(0.5, -1) });
 * const { dtype, shape, values } = parseNpy(bytes);
 * assertEquals([dtype, shape, [...values]], ["<f4", [1, 2], [0.5, -1]]);
 * ```
 */
export function parseNpy(bytes: Uint8Array): ParsedNpyArray {
  const { dtype, shape, size } = parseHeader(bytes);
  const count = shape.reduce((product, length) => product * length, 1);
  const width = /^<U([1-9]\d{0,8})$/.exec(dtype)?.[1];
  const itemBytes = width === undefined ? typeOf(dtype).BYTES_PER_ELEMENT : 4 * Number(width);
  const expected = count * itemBytes;
  if (bytes.length - size !== expected) {
    throw new SyntaxError(
      `expected ${expected} bytes for shape [${shape.join(", ")}] of ${dtype}, ` +
        `got ${bytes.length - size}`,
    );
  }
  // A copy, because typed arrays begin at multiples of their element's size.
  const { buffer } = bytes.slice(size);
  const values = width === undefined
    ? new (typeOf(dtype))(buffer)
    : parseText(new Uint32Array(buffer), count, Number(width));
  return { dtype, shape, values };
}

/**
 * Writes a `.npy` file of format version 1.0.
 *
 * @param array The array. Text must not hold NUL or lone surrogates.
 * @returns The file.
 */
export function formatNpy({ shape, values }: NpyArray): Uint8Array<ArrayBuffer> {
  const { dtype, data } = Array.isArray(values)
    ? formatText(values)
    : { dtype: nameOf(values as NpyNumbers), data: values as NpyNumbers };
  const header = formatHeader(dtype, shape);
  const bytes = new Uint8Array(header.length + data.byteLength);
  bytes.set(header);
  bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), header.length);
  return bytes;
}

function typeOf(dtype: string): NumbersClass {
  const type = TYPES.get(dtype);
  if (type) return type;
  const known = [...TYPES.keys()].join(", ");
  throw new SyntaxError(`cannot read dtype ${dtype}, expected one of ${known}, <U…`);
}

function nameOf(values: NpyNumbers): string {
  return [...TYPES].find(([, type]) => values instanceof type)?.[0] as string;
}
