import type { z } from "zod";
import type { PolicyDocument } from "./document.ts";
import { jsonPointer, PolicyError, show } from "./base/errors.ts";
import { expectation } from "./base/expectation.ts";
import { jsonFault } from "./base/json_fault.ts";
import { MAX_POLICY_BYTES, policyDocumentSchema } from "./schema.ts";

type Issue = z.core.$ZodIssue;

/**
 * Reads a policy document from text.
 *
 * @param text JSON, at most {@linkcode MAX_POLICY_BYTES} of UTF-8.
 * @returns The document; not yet bound to a pair.
 * @throws {PolicyError} At stage `parse` if the text is too long or not JSON; at stage `schema` if a
 * member is missing, unknown or out of range.
 */
export function parsePolicy(text: string): PolicyDocument {
  // UTF-8 is never shorter than UTF-16 is long: hopeless texts are not even encoded.
  const tooLong = text.length > MAX_POLICY_BYTES ||
    new TextEncoder().encode(text).length > MAX_POLICY_BYTES;
  if (tooLong) {
    throw new PolicyError(
      "parse",
      "",
      `the text is too long, expected at most ${MAX_POLICY_BYTES} bytes`,
    );
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new PolicyError("parse", "", `the text is not JSON: ${jsonFault(text)}`, { cause });
  }
  return validatePolicy(value);
}

/**
 * Checks that a value is a policy document.
 *
 * @param value Parsed JSON, or an object that was put together by a program.
 * @returns The document; not yet bound to a pair.
 * @throws {PolicyError} At stage `schema` if a member is missing, unknown or out of range.
 */
export function validatePolicy(value: unknown): PolicyDocument {
  const result = policyDocumentSchema.safeParse(value, { reportInput: true, error: expectation });
  if (result.success) return result.data;
  const [first, ...others] = result.error.issues.map((issue) => describe(issue));
  const more = others.length === 0 ? "" : ` (and ${others.length} more)`;
  throw new PolicyError("schema", first?.pointer ?? "", `${first?.reason}${more}`);
}

function describe(
  issue: Issue,
  parents: readonly PropertyKey[] = [],
): { pointer: string; reason: string } {
  const path = [...parents, ...issue.path];
  const pointer = jsonPointer(path);
  switch (issue.code) {
    case "unrecognized_keys":
      return { pointer: jsonPointer([...path, issue.keys[0] ?? ""]), reason: "unknown member" };
    case "invalid_key":
      return { pointer, reason: `${issue.issues[0]?.message}, got ${show(path.at(-1))}` };
    case "invalid_union": {
      // The alternative that fits best says most precisely what is wrong.
      const [closest] = issue.errors.toSorted((a, b) => a.length - b.length);
      if (closest?.[0]) return describe(closest[0], path);
      // Without an alternative the member that tells them apart is at fault.
      const given = Object(issue.input)[issue.discriminator ?? ""];
      return { pointer, reason: `${issue.message}, got ${show(given)}` };
    }
  }
  return { pointer, reason: `${issue.message}, got ${show(issue.input)}` };
}
