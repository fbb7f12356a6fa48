/** What the tests count on; with `deno task test:jsr` the same is asked of the originals. */
import { assert, assertEquals, AssertionError, assertThrows } from "@std/assert";
import { assertSpyCallArgs, assertSpyCalls, MockError, spy, stub } from "@std/testing/mock";

class Counter {
  count = 0;

  add(by: number): number {
    if (by < 0) throw new RangeError("less than nothing");
    return this.count += by;
  }
}

Deno.test("spy() without a function does nothing but record", () => {
  const func = spy();
  assertEquals([func(), func(1, "two")], [undefined, undefined]);
  assertEquals(func.calls.map(({ args }) => args), [[], [1, "two"]]);
  assertEquals(func.restored, false);
  assertThrows(() => func.restore(), MockError);
});

Deno.test("spy() of a function calls it, and records arguments, results, errors and this", () => {
  const own = new Counter();
  const add = spy(Counter.prototype.add);
  assertEquals(add.call(own, 2), 2);
  assertThrows(() => add.call(own, -1), RangeError, "nothing");
  const [first, second] = add.calls;
  assertEquals([first?.args, first?.returned, first?.self === own], [[2], 2, true]);
  assertEquals(second?.args, [-1]);
  assert(second?.error instanceof RangeError && !("returned" in second));
  assert(add.original === Counter.prototype.add);
});

Deno.test("spy() of a method stands in its place until it is disposed of", () => {
  const counter = new Counter();
  {
    using add = spy(counter, "add");
    assert(counter.add === add);
    assertEquals([counter.add(1), counter.add(2)], [1, 3]);
    assertSpyCalls(add, 2);
    assertThrows(() => spy(counter, "add"), MockError);
    assertThrows(() => stub(counter, "add"), MockError);
  }
  assertEquals([counter.add(1), Object.hasOwn(counter, "add")], [4, false]);
});

Deno.test("stub() puts another function in the place of a method until it is disposed of", () => {
  const own = { limit: 3, twice: (value: number) => 2 * value };
  const { twice } = own;
  {
    using double = stub(own, "twice", (value) => value * 20);
    assertEquals(own.twice(1), 20);
    assertSpyCallArgs(double, 0, [1]);
    assert(double.original === twice && double.fake !== twice);
  }
  assert(own.twice === twice);
  using nothing = stub(own, "twice");
  assertEquals(own.twice(1) as unknown, undefined);
  assertSpyCalls(nothing, 1);
});

Deno.test("restore() works once", () => {
  const counter = new Counter();
  const add = stub(counter, "add", () => 7);
  add.restore();
  assertEquals([add.restored, counter.add(1)], [true, 1]);
  assertThrows(() => add.restore(), MockError);
});

Deno.test("spy() and stub() refuse what is no method, or cannot be replaced", () => {
  const counter = new Counter();
  assertThrows(() => spy(counter, "count"), MockError);
  assertThrows(() => stub(counter, "count"), MockError);
  const fixed = Object.freeze({ method: () => 1 });
  assertThrows(() => spy(fixed, "method"), MockError);
  assertThrows(() => stub(fixed, "method"), MockError);
});

Deno.test("assertSpyCalls() and assertSpyCallArgs() fail for other calls", () => {
  const func = spy();
  func(1, 2);
  for (const count of [0, 2]) assertThrows(() => assertSpyCalls(func, count), AssertionError);
  assertEquals(assertSpyCallArgs(func, 0, [1, 2]), [1, 2]);
  assertThrows(() => assertSpyCallArgs(func, 0, [1]), AssertionError);
  assertThrows(() => assertSpyCallArgs(func, 1, [1, 2]), AssertionError);
});
