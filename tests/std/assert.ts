/**
 * Stands in for `jsr:@std/assert`, with its names and only what is used, where JSR cannot be
 * reached. Pointing `@std/assert` of the import map at `jsr:@std/assert` is the whole change.
 *
 * @module
 */

import assert from "node:assert/strict";

// deno-lint-ignore no-explicit-any
type ErrorClass<E extends Error> = abstract new (...args: any[]) => E;

/** Fails unless `actual` is truthy. */
export function assertOk(actual: unknown, message?: string): asserts actual {
  assert.ok(actual, message);
}

export { assertOk as assert };

/** Fails unless both are deeply equal. */
export function assertEquals<T>(actual: T, expected: T, message?: string): void {
  assert.deepStrictEqual(actual, expected, message);
}

/** Fails if both are deeply equal. */
export function assertNotEquals<T>(actual: T, expected: T, message?: string): void {
  assert.notDeepStrictEqual(actual, expected, message);
}

/** Fails unless the numbers differ by at most `tolerance`. */
export function assertAlmostEquals(
  actual: number,
  expected: number,
  tolerance = 1e-7,
  message?: string,
): void {
  const difference = Math.abs(actual - expected);
  assert.ok(
    actual === expected || difference <= tolerance,
    message ?? `${actual} differs from ${expected} by ${difference}, expected at most ${tolerance}`,
  );
}

/** Fails unless `actual` contains `expected`. */
export function assertStringIncludes(actual: string, expected: string): void {
  assert.ok(
    actual.includes(expected),
    `expected ${JSON.stringify(actual)} to include ${JSON.stringify(expected)}`,
  );
}

/** Fails unless `actual` matches the pattern. */
export function assertMatch(actual: string, expected: RegExp): void {
  assert.match(actual, expected);
}

function checkError<E extends Error>(
  error: unknown,
  errorClass: ErrorClass<E>,
  includes: string | undefined,
): E {
  assert.ok(
    error instanceof errorClass,
    `expected ${errorClass.name}, got ${error instanceof Error ? error.stack : String(error)}`,
  );
  if (includes !== undefined) assertStringIncludes(error.message, includes);
  return error;
}

/** Fails unless `run` throws an error of the class whose message includes the text; returns it. */
export function assertThrows<E extends Error>(
  run: () => unknown,
  errorClass: ErrorClass<E>,
  includes?: string,
): E {
  try {
    run();
  } catch (error) {
    return checkError(error, errorClass, includes);
  }
  assert.fail(`expected ${errorClass.name}, nothing was thrown`);
}

/** Fails unless `run` rejects with an error of the class whose message includes the text; returns it. */
export async function assertRejects<E extends Error>(
  run: () => Promise<unknown>,
  errorClass: ErrorClass<E>,
  includes?: string,
): Promise<E> {
  try {
    await run();
  } catch (error) {
    return checkError(error, errorClass, includes);
  }
  assert.fail(`expected ${errorClass.name}, nothing was thrown`);
}
