import { assertEquals } from "@std/assert";
import { z } from "zod";
import { expectation } from "./expectation.ts";

/** Schemas without messages of their own, what does not fit them, and what they expected. */
const CASES: [schema: z.ZodType, value: unknown, expected: string][] = [
  [z.string(), 5, "expected string"],
  [z.number(), NaN, "expected number"],
  [z.int(), 1.5, "expected int"],
  [z.record(z.string(), z.number()), [], "expected record"],
  [z.literal("a"), "b", 'expected "a"'],
  [z.literal(1), "b", "expected 1"],
  [z.enum(["a", "b"]), "c", 'expected one of "a"|"b"'],
  [z.string().min(1), "", "expected string to have >=1 characters"],
  [z.string().max(2), "abc", "expected string to have <=2 characters"],
  [z.string().length(2), "abc", "expected string to have exactly 2 characters"],
  [z.array(z.string()).min(1), [], "expected array to have >=1 items"],
  [z.number().min(1), 0, "expected number to be >=1"],
  [z.number().positive(), 0, "expected number to be >0"],
  [z.number().lt(3), 3, "expected number to be <3"],
  [z.int(), 2 ** 60, "expected int to be <=9007199254740991"],
  [
    z.discriminatedUnion("is", [
      z.object({ is: z.literal("a") }),
      z.object({ is: z.literal("b") }),
    ]),
    { is: "c" },
    "expected 'a' | 'b'",
  ],
];

for (const [schema, value, expected] of CASES) {
  Deno.test(`expectation() says "${expected}", as Zod does beside what it got`, () => {
    const messageWith = (error?: typeof expectation) =>
      schema.safeParse(value, error && { error }).error?.issues[0]?.message ?? "";
    assertEquals(messageWith(expectation), expected);
    assertEquals(messageWith().toLowerCase().includes(expected.toLowerCase()), true);
  });
}

Deno.test("expectation() leaves the messages of schemas and what it cannot say to them", () => {
  const own = z.string("expected a name").safeParse(5, { error: expectation });
  assertEquals(own.error?.issues[0]?.message, "expected a name");
  const unknown = z.strictObject({}).safeParse({ a: 1 }, { error: expectation });
  assertEquals(unknown.error?.issues[0]?.message, 'Unrecognized key: "a"');
});
