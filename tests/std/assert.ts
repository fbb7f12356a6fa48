/**
 * Stands in for `jsr:@std/assert` where JSR cannot be reached: the same names, order of parameters and
 * meaning, and only what the tests use. `jsr.json` beside it leads to the original.
 *
 * Equality is that of `node:assert/strict`. It is the stricter one (it tells −0 from 0, and an object
 * without a prototype from one with it), so what is equal here is equal there.
 *
 * @module
 */

import assert, { AssertionError } from "node:assert/strict";

// deno-lint-ignore no-explicit-any
type ErrorClass<E extends Error> = new (...args: any[]) => E;
/** What the message must include, and what is said where it fails. */
type Rest = readonly (string | undefined)[];

/** Fails unless `expr` is truthy. */
function assertTruthy(expr: unknown, msg?: string): asserts expr {
  assert.ok(expr, msg);
}

export { AssertionError, assertTruthy as assert };

/** Fails unless both are deeply equal. */
export function assertEquals<T>(actual: T, expected: T, msg?: string): void {
  assert.deepStrictEqual(actual, expected, msg);
}

/** Fails if both are deeply equal. */
export function assertNotEquals<T>(actual: T, expected: T, msg?: string): void {
  assert.notDeepStrictEqual(actual, expected, msg);
}

/** Fails unless the numbers differ by at most `tolerance`: 1e-7 of `expected` unless given. */
export function assertAlmostEquals(
  actual: number,
  expected: number,
  tolerance: number = Number.isFinite(expected) ? Math.abs(expected * 1e-7) : 1e-7,
  msg?: string,
): void {
  const delta = Math.abs(expected - actual);
  if (Object.is(actual, expected) || delta <= tolerance) return;
  assert.fail(
    msg ?? `${actual} differs from ${expected} by ${delta}, expected at most ${tolerance}`,
  );
}

/** Fails unless `actual` contains `expected`. */
export function assertStringIncludes(actual: string, expected: string, msg?: string): void {
  const shown = () => `expected ${JSON.stringify(actual)} to include ${JSON.stringify(expected)}`;
  if (!actual.includes(expected)) assert.fail(msg ?? shown());
}

/** Fails unless `actual` matches the pattern. */
export function assertMatch(actual: string, expected: RegExp, msg?: string): void {
  assert.match(actual, expected, msg);
}

/** Fails unless `fn` throws; gives what it throws. */
export function assertThrows(fn: () => unknown, msg?: string): unknown;
/** Fails unless `fn` throws an error of the class whose message includes the text; gives the error. */
export function assertThrows<E extends Error = Error>(
  fn: () => unknown,
  ErrorClass: ErrorClass<E>,
  msgIncludes?: string,
  msg?: string,
): E;
export function assertThrows<E extends Error>(
  fn: () => unknown,
  expected?: ErrorClass<E> | string,
  ...rest: Rest
): unknown {
  try {
    fn();
  } catch (error) {
    return checkThrown(error, expected, rest);
  }
  assert.fail(`Expected function to throw${suffixOf(expected, rest)}`);
}

/** Fails unless what `fn` promises is rejected; gives the reason. */
export function assertRejects(fn: () => PromiseLike<unknown>, msg?: string): Promise<unknown>;
/** Fails unless it is rejected with an error of the class whose message includes the text; gives the error. */
export function assertRejects<E extends Error = Error>(
  fn: () => PromiseLike<unknown>,
  ErrorClass: ErrorClass<E>,
  msgIncludes?: string,
  msg?: string,
): Promise<E>;
export async function assertRejects<E extends Error>(
  fn: () => PromiseLike<unknown>,
  expected?: ErrorClass<E> | string,
  ...rest: Rest
): Promise<unknown> {
  let promise: PromiseLike<unknown> | undefined;
  try {
    promise = fn();
    await promise;
  } catch (error) {
    if (promise) return checkThrown(error, expected, rest);
    assert.fail(`Function throws when expected to reject${suffixOf(expected, rest)}`);
  }
  assert.fail(`Expected function to reject${suffixOf(expected, rest)}`);
}

function checkThrown<E extends Error>(
  error: unknown,
  expected: ErrorClass<E> | string | undefined,
  [includes, msg]: Rest,
): unknown {
  if (expected === undefined || typeof expected === "string") return error;
  const suffix = msg === undefined ? "" : `: ${msg}`;
  if (!(error instanceof expected)) {
    const shown = error instanceof Error ? error.stack : String(error);
    assert.fail(`Expected error to be instance of "${expected.name}", but was ${shown}${suffix}`);
  }
  if (includes !== undefined) {
    const shown = `${JSON.stringify(includes)}, but got ${JSON.stringify(error.message)}`;
    if (!error.message.includes(includes)) {
      assert.fail(`Expected error message to include ${shown}${suffix}`);
    }
  }
  return error;
}

function suffixOf(expected: unknown, [, msg]: Rest): string {
  const given = typeof expected === "string" ? expected : msg;
  return given === undefined ? "" : `: ${given}`;
}
