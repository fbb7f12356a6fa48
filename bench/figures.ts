/**
 * Writes the figures of README.md and the docs between their markers, and draws the picture of
 * README.md, all from what `deno task learn` and the benchmarks measured.
 *
 * ```
 * deno task figures
 * ```
 *
 * @module
 */

import { CASCADE_FILE, drawMeasuredCascade } from "./figures/cascade.ts";
import { ROOT } from "./figures/measured.ts";
import { replaceRegion } from "./figures/region.ts";
import { REGIONS } from "./figures/regions.ts";

for (const { file, name, write } of REGIONS) {
  const content = await write();
  const url = new URL(file, ROOT);
  await Deno.writeTextFile(url, replaceRegion(await Deno.readTextFile(url), name, content));
  console.log(`${file}, ${name}:\n${content}\n`);
}
await Deno.writeTextFile(new URL(CASCADE_FILE, ROOT), await drawMeasuredCascade());
console.log(CASCADE_FILE);
