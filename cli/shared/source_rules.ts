import type { SourceRules } from "../../registry/models/mod.ts";
import { readConfig, sourceRules } from "../../server/mod.ts";

/**
 * What models of the network may be, after the same settings as the server's.
 *
 * @returns The rules.
 * @throws {RangeError} If a variable does not hold what is expected.
 */
export function readSourceRules(): SourceRules {
  const names = ["SLUICE_MAX_MODEL_BYTES", "SLUICE_PRIVATE_SOURCES"];
  return sourceRules(readConfig((name) => names.includes(name) ? Deno.env.get(name) : undefined));
}
