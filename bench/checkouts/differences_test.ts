import { assertEquals } from "@std/assert";
import { differencesOf } from "./differences.ts";

function behaviour(value: unknown): Map<string, unknown> {
  return new Map([["answer a", { told: [null, "p5"], body: value }]]);
}

Deno.test("differencesOf() finds none where everything is the same", () => {
  const [one, other] = [behaviour({ label: "Coat" }), behaviour({ label: "Coat" })];
  assertEquals(differencesOf(one, other), { compared: 1, differences: [] });
});

for (
  const [name, other, line] of [
    ["another value", { a: 1, b: [2, 4] }, "/body/b/1 was 3, is 4"],
    ["another order", { b: [2, 3], a: 1 }, "/body has the members a, b, then b, a"],
    ["a missing member", { a: 1 }, "/body has the members a, b, then a"],
    ["another type", { a: 1, b: { 0: 2, 1: 3 } }, '/body/b was [2,3], is {"0":2,"1":3}'],
    ["null in the place of an object", null, '/body was {"a":1,"b":[2,3]}, is null'],
  ] as const
) {
  Deno.test(`differencesOf() names ${name} and where it is`, () => {
    const { differences } = differencesOf(behaviour({ a: 1, b: [2, 3] }), behaviour(other));
    assertEquals(differences, [`answer a: ${line}`]);
  });
}

Deno.test("differencesOf() names what only one of them does", () => {
  const { compared, differences } = differencesOf(new Map([["openapi.json", "{}"]]), new Map());
  assertEquals([compared, differences], [1, ['openapi.json: / was "{}", is missing']]);
});
