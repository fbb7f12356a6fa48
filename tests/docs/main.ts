/**
 * Runs the commands of the docs, also those that the tests leave out because they take minutes or
 * need the network: `deno task test:docs`, or with the pages that are wanted.
 *
 * @module
 */

import { listPages } from "./pages.ts";
import { runPage } from "./run_page.ts";

const onBlock = (place: string, commands: string) => console.log(`\n${place}\n${commands}`);

const pages = Deno.args.length > 0 ? Deno.args : await listPages();
for (const page of pages) {
  try {
    await runPage(page, { slow: true, onBlock });
  } catch (error) {
    console.error((error as Error).message);
    Deno.exit(1);
  }
}
console.log(`\nAll commands of ${pages.join(", ")} work`);
