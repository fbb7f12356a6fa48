import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { nextBelow } from "./next_below.ts";

const LOWEST = -(2 - 2 ** -23) * 2 ** 127;

Deno.test("nextBelow() steps down by one in the last place", () => {
  assertEquals(nextBelow(1), 1 - 2 ** -24);
  assertEquals(nextBelow(-1), -1 - 2 ** -23);
  assertEquals([nextBelow(0), nextBelow(-0)], [-(2 ** -149), -(2 ** -149)]);
  assertEquals(nextBelow(2 ** -149), 0);
  assertEquals(nextBelow(LOWEST), LOWEST);
});

Deno.test("nextBelow() finds no number between", () => {
  const numbers = fc.float({ noNaN: true, noDefaultInfinity: true }).filter((x) => x !== LOWEST);
  fc.assert(fc.property(numbers, (value) => {
    const below = nextBelow(value);
    assert(below < value && Math.fround(below) === below);
    const middle = Math.fround(below / 2 + value / 2);
    assert(middle === below || middle === value || value - below < 2 ** -148);
  }));
});
