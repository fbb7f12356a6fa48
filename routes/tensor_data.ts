import { show } from "../policies/mod.ts";
import { InvalidInputError } from "../registry/mod.ts";

/** Deeper than any tensor. At what JSON.parse takes, flat() would overflow the stack. */
const MAX_DEPTH = 32;

/**
 * Reads tensor data from JSON: numbers in row-major order, flat or nested.
 *
 * @param value The `data` member.
 * @param count How many numbers the shape asks for.
 * @param field Name of the member, for errors.
 * @returns The numbers.
 * @throws {InvalidInputError} If something is no finite number or the count differs.
 */
export function readNumbers(value: unknown, count: number, field: string): Float32Array {
  if (!Array.isArray(value)) {
    throw new InvalidInputError(field, `expected an array of ${count} numbers`);
  }
  const numbers: unknown[] = value.some(Array.isArray) ? value.flat(MAX_DEPTH) : value;
  if (numbers.length !== count) {
    throw new InvalidInputError(field, `has ${numbers.length} numbers, expected ${count}`);
  }
  const wrong = numbers.findIndex((item) => typeof item !== "number" || !isFloat32(item));
  if (wrong >= 0) {
    throw new InvalidInputError(
      `${field}[${wrong}]`,
      `is ${show(numbers[wrong])}, expected a finite 32-bit number`,
    );
  }
  return Float32Array.from(numbers as number[]);
}

/** Whether a shape is a list of positive whole numbers equal to the expected one. */
export function sameShape(shape: unknown, expected: readonly number[]): boolean {
  return Array.isArray(shape) && shape.length === expected.length &&
    shape.every((size, axis) => size === expected[axis]);
}

function isFloat32(value: number): boolean {
  return Number.isFinite(Math.fround(value));
}
