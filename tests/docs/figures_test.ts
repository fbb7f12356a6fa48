/** The figures of the docs are those that were measured: `deno task figures` would change nothing. */
import { assertEquals } from "@std/assert";
import {
  CASCADE_FILE,
  drawMeasuredCascade,
  REGIONS,
  replaceRegion,
} from "../../bench/figures/mod.ts";

const ROOT = new URL("../../", import.meta.url);
const read = (file: string) => Deno.readTextFile(new URL(file, ROOT));

for (const { file, name, write } of REGIONS) {
  Deno.test(`the ${name} of ${file} are those that were measured`, async () => {
    const text = await read(file);
    assertEquals(text, replaceRegion(text, name, await write()), "run deno task figures");
  });
}

Deno.test(`${CASCADE_FILE} shows what was measured`, async () => {
  assertEquals(await read(CASCADE_FILE), await drawMeasuredCascade(), "run deno task figures");
});
