/**
 * Checks which file imports which: `deno task circular`, or with a folder that is to be checked instead of
 * the project. The order is the map in ARCHITECTURE.md; the other rules are in `rules.ts`.
 *
 * @module
 */

import { pathToFileURL } from "node:url";
import { checkArrows } from "./check.ts";
import { readMap } from "./map.ts";

const root = pathToFileURL(`${Deno.args[0] ?? "."}/`);
const read = (path: string) => Deno.readTextFile(new URL(path, root));

const { findings, modules, imports, rules } = await checkArrows({
  root,
  rooms: readMap(await read("ARCHITECTURE.md")),
});
for (const { where, rule } of findings) {
  console.error(`${where}\n  breaks "${rule.name}": ${rule.reason}\n`);
}
console.log(
  `${modules} modules with ${imports} imports, held to ${rules} rules: ${findings.length} findings`,
);
if (findings.length > 0) Deno.exit(1);
