import { show } from "../base/errors.ts";

/** What a disagreement, or a loss that counts errors, can be. */
export const ZERO_ONE: readonly number[] = [0, 1];

/**
 * Refuses what cannot be the values of an observation.
 *
 * @param values The values.
 * @throws {RangeError} If they are not two or more finite numbers, ascending.
 */
export function checkValues(values: readonly number[]): void {
  const ascending = values.every((value, index) => {
    return Number.isFinite(value) && (index === 0 || value > (values[index - 1] as number));
  });
  if (ascending && values.length >= 2) return;
  throw new RangeError(
    `Cannot watch mean: expected two values or more, ascending, got ${show(values)}`,
  );
}

/**
 * Refuses counts that do not fit values.
 *
 * @param counts How often each value was observed.
 * @param values The values.
 * @throws {RangeError} If there is not one count for each value, or a count is none.
 */
export function checkCounts(counts: readonly number[], values: readonly number[]): void {
  const isCount = (count: number) => Number.isSafeInteger(count) && count >= 0;
  if (counts.length === values.length && counts.every(isCount)) return;
  throw new RangeError(
    `Cannot watch mean: expected a count for each of ${show(values)}, got ${show(counts)}`,
  );
}

/**
 * Refuses a chance of error that no statement of this folder is made for.
 *
 * @param delta The chance.
 * @throws {RangeError} If it is not within (0, 0.5].
 */
export function checkDelta(delta: number): void {
  if (delta > 0 && delta <= 0.5) return;
  throw new RangeError(`Cannot watch mean: expected delta above 0, at most 0.5, got ${delta}`);
}

/**
 * Finds a value among those that can be observed.
 *
 * @param value What was observed.
 * @param values What can be.
 * @returns The index.
 * @throws {RangeError} If it is none of them.
 */
export function indexOfValue(value: number, values: readonly number[]): number {
  const index = values.indexOf(value);
  if (index >= 0) return index;
  throw new RangeError(`Cannot watch value ${show(value)}: expected one of ${show(values)}`);
}
