/** Every command that the docs show works, in a fresh checkout. */
import { assert } from "@std/assert";
import { blocksOf } from "./page.ts";
import { listPages } from "./pages.ts";
import { runPage } from "./run_page.ts";
import { readText } from "../harness/files/project.ts";

for (const page of await listPages()) {
  Deno.test(`the commands of ${page} work`, async () => {
    await runPage(page, { slow: false });
  });

  Deno.test(`${page} says truly what runs its other commands`, async () => {
    const text = await readText(page);
    for (const { line, runner } of blocksOf(text)) {
      if (runner.by === "file") {
        const file = await readText(runner.file);
        assert(file.includes(page), `${page}, line ${line}: ${runner.file} does not name the page`);
      }
      if (runner.by === "nothing") {
        assert(/unverified/i.test(text.replaceAll(/<!--.*?-->/gs, "")), `${page}, line ${line}`);
      }
    }
  });
}
