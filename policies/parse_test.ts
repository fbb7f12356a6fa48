import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { PolicyError } from "./base/errors.ts";
import { parsePolicy } from "./parse.ts";
import { MAX_POLICY_BYTES } from "./schema.ts";
import { changed, DOCUMENT, refusalOf } from "../tests/harness/generators/policies.ts";

Deno.test("parsePolicy() gives back the document that was written", () => {
  assertEquals(parsePolicy(JSON.stringify(DOCUMENT)), DOCUMENT);
});

Deno.test("parsePolicy() keeps optional members", () => {
  const document = changed((copy) => {
    copy.$schema = "../policy.schema.json";
    copy.nodes.small.direction = "at_least";
    copy.nodes.medium.temperature = 1.5;
    copy.points[0].expected = { cost: 1.25, loss: -0.002 };
    const note = "n";
    Object.assign(copy.provenance, { note, date: "2025-01-01", data: "d", n: 12000, seed: 7 });
  });
  assertEquals(parsePolicy(JSON.stringify(document)), document);
});

Deno.test("parsePolicy() refuses truncated JSON at stage parse", () => {
  const { stage, pointer, reason } = refusalOf(() =>
    parsePolicy(JSON.stringify(DOCUMENT).slice(0, -1))
  );
  assertEquals({ stage, pointer }, { stage: "parse", pointer: "" });
  assert(reason.startsWith("the text is not JSON: "), reason);
});

Deno.test("parsePolicy() shows nothing of a text that is not JSON", () => {
  const { reason } = refusalOf(() => parsePolicy("root:x:0:0:secret"));
  assertEquals(reason, "the text is not JSON: invalid symbol at line 1, column 1");
});

Deno.test("parsePolicy() refuses text that is too long before it reads it", () => {
  const reason = "the text is too long, expected at most 61440 bytes";
  assertEquals(refusalOf(() => parsePolicy("[".repeat(10_000_000))), {
    stage: "parse",
    pointer: "",
    reason,
  });
  // Half as many characters, but two bytes each.
  const umlauts = JSON.stringify("ü".repeat(MAX_POLICY_BYTES / 2));
  assertEquals(refusalOf(() => parsePolicy(umlauts)).reason, reason);
});

Deno.test("parsePolicy() takes text of exactly the allowed length", () => {
  const text = JSON.stringify(DOCUMENT).padEnd(MAX_POLICY_BYTES);
  assertEquals(parsePolicy(text), DOCUMENT);
  assertEquals(refusalOf(() => parsePolicy(`${text} `)).stage, "parse");
});

Deno.test("parsePolicy() refuses deep nesting", () => {
  const depth = MAX_POLICY_BYTES / 2 - 100;
  const nested = "[".repeat(depth) + "]".repeat(depth);
  assertEquals(refusalOf(() => parsePolicy(nested)).stage, "schema");
  assertEquals(refusalOf(() => parsePolicy(`{"nodes":{"small":${nested}}}`)).stage, "schema");
  assertEquals(refusalOf(() => parsePolicy("[".repeat(MAX_POLICY_BYTES))).stage, "parse");
});

/** True if the text is taken or refused as promised; whatever else is thrown fails the property. */
function isHandled(text: string): boolean {
  try {
    parsePolicy(text);
    return true;
  } catch (error) {
    return error instanceof PolicyError;
  }
}

Deno.test("parsePolicy() throws nothing but PolicyError", () => {
  fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), isHandled));
});

Deno.test("parsePolicy() throws nothing but PolicyError for damaged documents", () => {
  const members = fc.constantFrom(...Object.keys(DOCUMENT));
  fc.assert(fc.property(members, fc.jsonValue(), (member, value) => {
    return isHandled(JSON.stringify({ ...DOCUMENT, [member]: value }));
  }));
});
