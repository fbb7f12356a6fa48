import { show } from "../../policies/mod.ts";
import { InvalidInputError } from "../base/errors.ts";
import { type Datatype, DATATYPES, type Elements, type ElementsOf } from "./datatypes.ts";

/** Deeper than any tensor. At what JSON.parse takes, flat() would overflow the stack. */
const MAX_DEPTH = 32;

/**
 * Reads tensor data from JSON: elements in row-major order, flat or nested.
 *
 * @param datatype The type of the elements.
 * @param value The `data` member.
 * @param count How many elements the shape asks for.
 * @param field Name of the member, for errors.
 * @returns The elements, in a buffer of their own.
 * @throws {InvalidInputError} If an element is none of the datatype, or the count differs.
 */
export function readJsonData<D extends Datatype>(
  datatype: D,
  value: unknown,
  count: number,
  field: string,
): ElementsOf[D] {
  const { expected, fits } = DATATYPES[datatype];
  if (!fits) throw new InvalidInputError(field, `JSON has no ${datatype}, expected ${expected}`);
  if (!Array.isArray(value)) {
    throw new InvalidInputError(field, `expected an array of ${count} elements`);
  }
  const elements: unknown[] = value.some(Array.isArray) ? value.flat(MAX_DEPTH) : value;
  if (elements.length !== count) {
    throw new InvalidInputError(field, `has ${elements.length} elements, expected ${count}`);
  }
  const wrong = elements.findIndex((element) => !fits(element));
  if (wrong >= 0) {
    throw new InvalidInputError(
      `${field}[${wrong}]`,
      `is ${show(elements[wrong])}, expected ${expected}`,
    );
  }
  return fill(datatype, elements) as ElementsOf[D];
}

function fill(datatype: Datatype, elements: unknown[]): Elements {
  if (datatype === "BYTES") {
    const encoder = new TextEncoder();
    return (elements as string[]).map((text) => encoder.encode(text));
  }
  if (datatype === "INT64") return BigInt64Array.from(elements as number[], BigInt);
  if (datatype === "UINT64") return BigUint64Array.from(elements as number[], BigInt);
  // True and false become 1 and 0.
  const view = DATATYPES[datatype].view as unknown as Float32ArrayConstructor;
  return view.from(elements as number[]);
}

/**
 * Writes elements as JSON takes them.
 *
 * @param datatype The type of the elements.
 * @param data The elements; numbers are finite.
 * @returns The elements, flat, in the same order.
 * @throws {RangeError} If JSON has no form of the datatype or of an element.
 */
export function writeJsonData<D extends Datatype>(
  datatype: D,
  data: ElementsOf[D],
): (number | boolean | string)[] {
  if (!DATATYPES[datatype].fits) throw new RangeError(`Cannot write ${datatype} as JSON`);
  if (datatype === "BOOL") return Array.from(data as Uint8Array, (element) => element === 1);
  if (datatype === "BYTES") {
    const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
    return (data as ElementsOf["BYTES"]).map((bytes) => decoder.decode(bytes));
  }
  return Array.from(data as ArrayLike<number | bigint>, (element) => {
    const number = Number(element);
    if (typeof element === "number" || Number.isSafeInteger(number)) return number;
    throw new RangeError(`Cannot write ${element} as JSON: it has more than 53 bits`);
  });
}
