import { assert, assertEquals, assertMatch, assertStringIncludes, assertThrows } from "@std/assert";
import fc from "fast-check";
import { Context } from "hono";
import { HTTPException } from "hono/http-exception";
import type { StoredPolicy } from "../../policies/stores/mod.ts";
import { entityTag, matches, readPrecondition } from "./precondition.ts";

const HEAD: StoredPolicy = {
  version: 7,
  date: "2026-01-01T00:00:00.000Z",
  change: "put",
  from: "a test",
  operating_point: "p1",
  sha256: "0123456789abcdef".repeat(4),
  text: "{}",
};
const TAG = '"7-0123456789abcdef"';

/** An entity tag: whether it is weak, and what stands between its quotes. */
type Tag = readonly [weak: boolean, text: string];

const letters = fc.string({
  unit: fc.oneof(
    { weight: 5, arbitrary: fc.constantFrom(..."7-0123456789abcdefW/,*!#~\xe9") },
    {
      weight: 1,
      arbitrary: fc.integer({ min: 0x23, max: 0x7e }).map((n) => String.fromCharCode(n)),
    },
  ),
  maxLength: 6,
});
const tags: fc.Arbitrary<Tag> = fc.tuple(
  fc.boolean(),
  fc.oneof(letters, fc.constantFrom(TAG.slice(1, -1), "xW/", ",")),
);
const blanks = fc.constantFrom("", " ", "\t", "  ");

/** A header with a list of tags, as any client may write it: blanks, and elements without a tag. */
const headers = fc.array(fc.tuple(tags, blanks, blanks, fc.boolean()), { maxLength: 4 }).map(
  (elements) => ({
    tags: elements.map(([tag]) => tag),
    text: elements.map(([[weak, text], before, after, empty]) =>
      `${before}${weak ? "W/" : ""}"${text}"${after}${empty ? ", " : ""}`
    ).join(","),
  }),
);

Deno.test("matches() finds a strong tag in any list, and no weak one", () => {
  fc.assert(fc.property(headers, tags, ({ tags, text }, [, wanted]) => {
    const expected = tags.some(([weak, tag]) => !weak && tag === wanted);
    assertEquals(matches(text, `"${wanted}"`), expected, text);
  }));
});

Deno.test("matches() finds weak tags too where they are compared weakly", () => {
  fc.assert(fc.property(headers, tags, ({ tags, text }, [, wanted]) => {
    const expected = tags.some(([, tag]) => tag === wanted);
    assertEquals(matches(text, `"${wanted}"`, true), expected, text);
  }));
});

for (const text of ["*", " * ", TAG, `W/"x", ${TAG}`, `,,${TAG},`, `"a,b",\t${TAG}`]) {
  Deno.test(`matches() finds the tag in ${JSON.stringify(text)}`, () => {
    assertEquals(matches(text, TAG), true);
  });
}

for (
  const text of [
    "",
    "7-0123456789abcdef",
    `W/${TAG}`,
    `w/${TAG}`,
    `x${TAG}`,
    `${TAG}x`,
    `"x" ${TAG}`,
    `"7-0123456789ABCDEF"`,
    "**",
    '"*"',
    `"x""${TAG}`,
  ]
) {
  Deno.test(`matches() does not find the tag in ${JSON.stringify(text)}`, () => {
    assertEquals(matches(text, TAG), false);
  });
}

Deno.test("matches() finds nothing where there is nothing", () => {
  for (const text of ["*", TAG, ""]) assertEquals(matches(text, undefined), false);
});

Deno.test("entityTag() is strong and another one for another version or another text", () => {
  assertEquals(entityTag(HEAD), TAG);
  assertMatch(entityTag(HEAD), /^"[\x21\x23-\x7e]+"$/);
  const others = [{ ...HEAD, version: 8 }, { ...HEAD, sha256: "f".repeat(64) }];
  assertEquals(new Set([HEAD, ...others].map(entityTag)).size, 3);
});

/** What becomes of a change under some headers: 200, or the status of the refusal. */
function outcome(headers: HeadersInit, head: StoredPolicy | undefined, required = true): number {
  try {
    const c = new Context(new Request("http://sluice.test/policy", { method: "PUT", headers }));
    readPrecondition(c, required)(head);
    return 200;
  } catch (error) {
    assert(error instanceof HTTPException, String(error));
    return error.status;
  }
}

const cases: [name: string, headers: HeadersInit, there: number, nothing: number][] = [
  ["no precondition", {}, 428, 428],
  ["the latest tag", { "if-match": TAG }, 200, 412],
  ["a stale tag", { "if-match": '"6-0123456789abcdef"' }, 412, 412],
  ["the latest tag, weak", { "if-match": `W/${TAG}` }, 412, 412],
  ["a list with the latest tag", { "if-match": `"x", ${TAG}` }, 200, 412],
  ["an empty header", { "if-match": "" }, 412, 412],
  ["any version", { "if-match": "*" }, 200, 412],
  ["no version", { "if-none-match": "*" }, 412, 200],
  ["no version, oddly spaced", { "if-none-match": "\t* " }, 412, 200],
  ["a version that is not this one", { "if-none-match": '"x"' }, 428, 428],
  ["a version and none at once", { "if-match": TAG, "if-none-match": "*" }, 412, 412],
  ["the latest version but not another", { "if-match": TAG, "if-none-match": '"x"' }, 200, 412],
  ["the latest version but not itself", { "if-match": TAG, "if-none-match": `W/${TAG}` }, 412, 412],
];

for (const [name, headers, there, nothing] of cases) {
  Deno.test(`readPrecondition() answers ${there} to ${name}, ${nothing} where there is nothing`, () => {
    assertEquals([outcome(headers, HEAD), outcome(headers, undefined)], [there, nothing]);
    const optional = (status: number) => status === 428 ? 200 : status;
    assertEquals(
      [outcome(headers, HEAD, false), outcome(headers, undefined, false)],
      [optional(there), optional(nothing)],
    );
  });
}

Deno.test("readPrecondition() takes the tags of several headers", () => {
  const headers = new Headers();
  headers.append("if-match", '"x"');
  headers.append("if-match", TAG);
  assertEquals(outcome(headers, HEAD), 200);
});

Deno.test("readPrecondition() says what was given and what there is", () => {
  const request = new Request("http://sluice.test/policy", { headers: { "if-match": '"x"' } });
  const check = readPrecondition(new Context(request), true);
  const { message } = assertThrows(() => check(HEAD), HTTPException);
  assertEquals(message, `If-Match is "x", but the latest version is 7, ${TAG}`);
  assertStringIncludes(assertThrows(() => check(undefined), HTTPException).message, "no policy");
});
