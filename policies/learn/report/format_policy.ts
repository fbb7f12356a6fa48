import type { PolicyDocument } from "../../document.ts";
import { parsePolicy } from "../../parse.ts";

/**
 * Writes a policy as text, lists of numbers on one line each.
 *
 * @param document The policy.
 * @returns JSON.
 * @throws {PolicyError} If the document is not valid or too long to be served.
 */
export function formatPolicy(document: PolicyDocument): string {
  const ordered = { $schema: "../policy.schema.json", ...document };
  const text = JSON.stringify(ordered, null, 2)
    .replace(/\[[\d\s,.eE+-]+\]/g, (list) => `[${list.slice(1, -1).trim().replace(/\s+/g, " ")}]`);
  parsePolicy(text);
  return `${text}\n`;
}
