import type { z } from "zod";
import { show } from "../../policies/mod.ts";
import { InvalidInputError } from "../../registry/mod.ts";

/**
 * Checks a part of a request against a schema.
 *
 * @param schema What is expected.
 * @param value The part of the request.
 * @returns The value as the schema gives it.
 * @throws {InvalidInputError} If it does not fit; names the first member that does not.
 */
export function parseInput<T>(schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value, { reportInput: true });
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const field = formatPath(issue?.path ?? []);
  throw new InvalidInputError(
    field || "body",
    `${issue?.message ?? "does not fit"}, got ${show(issue?.input)}`,
  );
}

function formatPath(path: readonly PropertyKey[]): string {
  return path.map((key) => typeof key === "number" ? `[${key}]` : `.${String(key)}`).join("")
    .replace(/^\./, "");
}
