import type { z } from "zod";

/** What a size is counted in, by what has it. */
const UNITS: Readonly<Record<string, string>> = { string: "characters", array: "items" };

/**
 * What a schema expected, in our words, from what Zod knows of the issue: goes into
 * `schema.safeParse(value, { error: expectation })`, and so into the message of every issue whose schema has
 * none of its own.
 *
 * @param issue What is wrong.
 * @returns Such as `expected string`; nothing where that does not say it, and Zod's own message stays.
 *
 * @ignore
 */
export function expectation(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case "invalid_type":
      return `expected ${issue.expected}`;
    case "invalid_value": {
      const values = issue.values.map((value) =>
        typeof value === "string" ? `"${value}"` : String(value)
      );
      return `expected ${values.length === 1 ? "" : "one of "}${values.join("|")}`;
    }
    case "too_big":
      return limit(issue, "<", issue.maximum);
    case "too_small":
      return limit(issue, ">", issue.minimum);
    case "invalid_union":
      if (!Array.isArray(issue.options)) return undefined;
      // The values that tell the alternatives apart.
      return `expected ${issue.options.map((value) => `'${value}'`).join(" | ")}`;
  }
  return undefined;
}

function limit(
  { origin, inclusive, exact }: {
    readonly origin: string;
    readonly inclusive?: boolean;
    readonly exact?: boolean;
  },
  sign: "<" | ">",
  bound: number | bigint,
): string {
  const how = exact ? "exactly " : inclusive ? `${sign}=` : sign;
  const unit = UNITS[origin];
  return unit === undefined
    ? `expected ${origin} to be ${how}${bound}`
    : `expected ${origin} to have ${how}${bound} ${unit}`;
}
