/** What the tests count on; with `deno task test:jsr` the same is asked of the originals. */
import {
  assert,
  assertAlmostEquals,
  assertEquals,
  AssertionError,
  assertMatch,
  assertNotEquals,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";

function fails(fn: () => unknown, includes?: string): void {
  assertThrows(fn, AssertionError, includes);
}

function rejects(fn: () => Promise<unknown>, includes?: string): Promise<unknown> {
  return assertRejects(fn, AssertionError, includes);
}

Deno.test("assert() fails for what is not truthy, with the message", () => {
  assert("text");
  for (const value of [false, 0, "", null, undefined, NaN]) fails(() => assert(value, "no"), "no");
});

Deno.test("assertEquals() compares deeply, and does not convert", () => {
  assertEquals({ a: [1, new Map([["b", NaN]])] }, { a: [1, new Map([["b", NaN]])] });
  assertEquals(new Set([1, 2]), new Set([2, 1]));
  assertEquals(new URL("http://a.test/"), new URL("http://a.test"));
  const different: [unknown, unknown][] = [
    [1, "1"],
    [[1], [1, undefined]],
    [{ a: undefined }, {}],
    [Uint8Array.of(1), Int8Array.of(1)],
    [Float32Array.of(1, 2), Float32Array.of(1, 3)],
    [null, undefined],
    [new Date(1), new Date(2)],
  ];
  for (const [one, other] of different) {
    fails(() => assertEquals(one, other, "they differ"), "they differ");
    assertNotEquals(one, other);
  }
  fails(() => assertNotEquals([1], [1]));
});

Deno.test("assertAlmostEquals() allows a ten-millionth of what is expected unless told otherwise", () => {
  assertAlmostEquals(0.1 + 0.2, 0.3);
  assertAlmostEquals(1e9 + 1, 1e9);
  fails(() => assertAlmostEquals(1e-8, 2e-8));
  fails(() => assertAlmostEquals(1e-9, 0));
  assertAlmostEquals(1, 1.5, 0.5);
  fails(() => assertAlmostEquals(1, 1.5, 0.4, "too far"), "too far");
  assertAlmostEquals(NaN, NaN);
  assertAlmostEquals(Infinity, Infinity);
  fails(() => assertAlmostEquals(NaN, 1, 10));
  fails(() => assertAlmostEquals(1, Infinity));
});

Deno.test("assertStringIncludes() and assertMatch() look into a text", () => {
  assertStringIncludes("a text", "tex");
  fails(() => assertStringIncludes("a text", "test", "no test"), "no test");
  assertMatch("a text", /^a/);
  fails(() => assertMatch("a text", /^t/, "no t"), "no t");
});

Deno.test("assertThrows() takes an error of the class or of one below it, and gives it", () => {
  const error = new RangeError("out of range");
  const fn = () => {
    throw error;
  };
  for (const Class of [RangeError, Error]) {
    assert(assertThrows(fn, Class) === error);
    assert(assertThrows(fn, Class, "of ran") === error);
  }
  assert(assertThrows(fn) === error);
  fails(() => assertThrows(fn, TypeError));
  fails(() => assertThrows(fn, RangeError, "in range"));
  fails(() => assertThrows(fn, RangeError, "in range", "not so"), "not so");
});

Deno.test("assertThrows() fails where nothing is thrown, or no error", () => {
  fails(() => assertThrows(() => 1, Error));
  fails(() => assertThrows(() => 1, "expected more"), "expected more");
  const throwsText = () => {
    throw "text";
  };
  assertEquals(assertThrows(throwsText), "text");
  fails(() => assertThrows(throwsText, Error));
});

Deno.test("assertRejects() takes an error of the class or of one below it, and gives it", async () => {
  const error = new RangeError("out of range");
  const fn = () => Promise.reject(error);
  for (const Class of [RangeError, Error]) {
    assert(await assertRejects(fn, Class, "of ran") === error);
  }
  assert(await assertRejects(fn) === error);
  await rejects(() => assertRejects(fn, TypeError));
  await rejects(() => assertRejects(fn, RangeError, "in range", "not so"), "not so");
});

Deno.test("assertRejects() fails where nothing is rejected, or it throws at once", async () => {
  await rejects(() => assertRejects(() => Promise.resolve(1), Error));
  await rejects(() => assertRejects(() => Promise.resolve(1), "expected more"), "expected more");
  const throws = () => {
    throw new RangeError("at once");
  };
  await rejects(() => assertRejects(throws, RangeError));
});
