import { InvalidInputError } from "../base/errors.ts";
import {
  type Datatype,
  DATATYPES,
  type Elements,
  type ElementsOf,
  type FixedElements,
} from "./datatypes.ts";

/** Bytes of the length before every element of `BYTES`. */
const PREFIX = 4;

/**
 * Reads tensor data of the binary tensor data extension: row-major, without padding, little-endian as
 * every machine that Deno runs on.
 *
 * @param datatype The type of the elements.
 * @param bytes All bytes of the tensor.
 * @param count How many elements the shape asks for.
 * @param field Name of the tensor, for errors.
 * @returns The elements: a view of the bytes where their place in the buffer allows one, else a copy.
 * @throws {InvalidInputError} If the bytes are not `count` elements of the datatype.
 */
export function readBinaryData<D extends Datatype>(
  datatype: D,
  bytes: Uint8Array<ArrayBuffer>,
  count: number,
  field: string,
): ElementsOf[D] {
  return read(datatype, bytes, count, field) as ElementsOf[D];
}

function read(
  datatype: Datatype,
  bytes: Uint8Array<ArrayBuffer>,
  count: number,
  field: string,
): Elements {
  const { view } = DATATYPES[datatype];
  if (!view) return readByteStrings(bytes, count, field);
  const size = view.BYTES_PER_ELEMENT;
  if (bytes.length !== count * size) {
    throw new InvalidInputError(
      field,
      `has ${bytes.length} bytes, expected ${count * size} (${count} × ${size} of ${datatype})`,
    );
  }
  const { buffer, byteOffset } = bytes.byteOffset % size === 0 ? bytes : bytes.slice();
  const elements = new view(buffer, byteOffset, count);
  if (datatype === "BF16") return widen(elements as Uint16Array);
  if (datatype === "BOOL") checkBooleans(elements as Uint8Array, field);
  return elements;
}

function checkBooleans(elements: Uint8Array, field: string): void {
  const wrong = elements.findIndex((element) => element > 1);
  if (wrong < 0) return;
  throw new InvalidInputError(`${field}[${wrong}]`, `is ${elements[wrong]}, expected 0 or 1`);
}

function readByteStrings(
  bytes: Uint8Array<ArrayBuffer>,
  count: number,
  field: string,
): Uint8Array<ArrayBuffer>[] {
  // Asked before anything is kept: a count may be far beyond what the bytes can hold.
  if (count * PREFIX > bytes.length) throw cutOff(field, Math.floor(bytes.length / PREFIX));
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const elements: Uint8Array<ArrayBuffer>[] = [];
  let at = 0;
  while (elements.length < count) {
    const start = at + PREFIX;
    if (start > bytes.length) throw cutOff(field, elements.length);
    at = start + view.getUint32(at, true);
    if (at > bytes.length) throw cutOff(field, elements.length);
    elements.push(bytes.subarray(start, at));
  }
  if (at < bytes.length) {
    throw new InvalidInputError(
      field,
      `has ${bytes.length - at} bytes after its last element, expected none`,
    );
  }
  return elements;
}

function cutOff(field: string, index: number): InvalidInputError {
  const reason = "is cut off, expected 4 bytes with the length and then as many bytes";
  return new InvalidInputError(`${field}[${index}]`, reason);
}

/**
 * Writes elements in the form of the binary tensor data extension.
 *
 * @param datatype The type of the elements.
 * @param data The elements.
 * @returns Their bytes: a view of the elements where that is their form already.
 */
export function writeBinaryData<D extends Datatype>(datatype: D, data: ElementsOf[D]): Uint8Array {
  if (datatype === "BYTES") return writeByteStrings(data as ElementsOf["BYTES"]);
  const elements = datatype === "BF16" ? narrow(data as Float32Array) : data as FixedElements;
  return new Uint8Array(elements.buffer, elements.byteOffset, elements.byteLength);
}

function writeByteStrings(elements: readonly Uint8Array[]): Uint8Array {
  const length = elements.reduce((sum, element) => sum + PREFIX + element.length, 0);
  const bytes = new Uint8Array(length);
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const element of elements) {
    view.setUint32(at, element.length, true);
    bytes.set(element, at + PREFIX);
    at += PREFIX + element.length;
  }
  return bytes;
}

/** Brain floats as single precision, of which they are the upper half. */
function widen(halves: Uint16Array): Float32Array<ArrayBuffer> {
  const bits = Uint32Array.from(halves, (half) => half << 16);
  return new Float32Array(bits.buffer);
}

/** The nearest brain floats, of two that are as near the even one. */
function narrow(numbers: Float32Array): Uint16Array<ArrayBuffer> {
  const bits = new Uint32Array(numbers.buffer, numbers.byteOffset, numbers.length);
  return Uint16Array.from(bits, (word, index) => {
    // Rounded, the payload of a NaN could become that of an infinity.
    if (Number.isNaN(numbers[index])) return word >>> 16 | 0x40;
    return (word + 0x7fff + (word >>> 16 & 1)) >>> 16;
  });
}
