/**
 * Reads a share such as `1%` or `0.01`.
 *
 * @param name What it is, for errors, such as `--max-loss`.
 * @param text The text.
 * @returns The share, at least 0 and below 1.
 * @throws {SyntaxError} If it is not a number with or without a per cent sign.
 * @throws {RangeError} If it is not in [0, 1).
 *
 * @example
 * ```ts
 * import { parseShare } from "./quantity.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(parseShare("--max-loss", "0.5%"), 0.005);
 * assertEquals(parseShare("--max-loss", "0.02"), 0.02);
 * ```
 */
export function parseShare(name: string, text: string): number {
  const [value, unit] = splitNumber(name, text, ["%", ""], "a share such as 1% or 0.01");
  // Moved in decimals, 0.7% is 0.007 and not 0.006999….
  const share = unit === "%" ? Number(`${value}e-2`) : value;
  if (share >= 0 && share < 1) return share;
  const hint = unit === "" && value >= 1 ? `; did you mean ${value}%?` : "";
  throw new RangeError(
    `Cannot use ${name} ${text}: expected at least 0% and less than 100%${hint}`,
  );
}

/**
 * Reads a time such as `2ms`, `500us` or `0.002s`; a plain number counts milliseconds.
 *
 * @param name What it is, for errors.
 * @param text The text.
 * @returns Milliseconds, positive.
 * @throws {SyntaxError} If it is not a number with one of these units.
 * @throws {RangeError} If it is not positive.
 */
export function parseMilliseconds(name: string, text: string): number {
  const exponents: Record<string, number> = { ms: 0, us: -3, "µs": -3, s: 3, "": 0 };
  const units = Object.keys(exponents);
  const [value, unit] = splitNumber(name, text, units, "a time such as 2ms, 500us or 0.002s");
  return positive(name, text, Number(`${value}e${exponents[unit]}`));
}

/**
 * Reads a factor such as `3` or `3x`.
 *
 * @param name What it is, for errors.
 * @param text The text.
 * @returns The factor, positive.
 * @throws {SyntaxError} If it is not a number.
 * @throws {RangeError} If it is not positive.
 */
export function parseFactor(name: string, text: string): number {
  const [value] = splitNumber(name, text, ["", "x", "×"], "a factor such as 3 or 3x");
  return positive(name, text, value);
}

function splitNumber(
  name: string,
  text: string,
  units: readonly string[],
  expected: string,
): [number, string] {
  const [, digits, unit = ""] = /^([+-]?(?:\d+\.?\d*|\.\d+))\s*(\D*)$/.exec(text.trim()) ?? [];
  if (digits === undefined || !units.includes(unit.toLowerCase())) {
    throw new SyntaxError(`Cannot use ${name} ${text}: expected ${expected}`);
  }
  return [Number(digits), unit.toLowerCase()];
}

function positive(name: string, text: string, value: number): number {
  if (value > 0 && value < Infinity) return value;
  throw new RangeError(`Cannot use ${name} ${text}: expected more than 0`);
}
