/**
 * Reads a whole number.
 *
 * @param name What it is, for errors, such as `--seed`.
 * @param text The text.
 * @param min The smallest that is allowed.
 * @param max The largest, below ten billion.
 * @returns The number.
 * @throws {RangeError} If it is none of them.
 */
export function parseWholeNumber(name: string, text: string, min: number, max: number): number {
  const value = /^\d{1,10}$/.test(text) ? Number(text) : NaN;
  if (value >= min && value <= max) return value;
  throw new RangeError(`Cannot use ${name} ${text}: expected a whole number from ${min} to ${max}`);
}
