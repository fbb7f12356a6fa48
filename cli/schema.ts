/**
 * Writes the JSON Schema of policy documents next to them, so that editors complete them.
 *
 * @module
 */

import { policyJsonSchema } from "../policies/mod.ts";

if (import.meta.main) {
  const file = new URL("../policies/policy.schema.json", import.meta.url);
  await Deno.writeTextFile(file, policyJsonSchema());
  console.log(`Wrote ${file.pathname}`);
}
