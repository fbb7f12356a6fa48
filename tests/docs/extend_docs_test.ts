/** What ARCHITECTURE.md says of extending: short lists of files that there are. */
import { assert, assertEquals } from "@std/assert";

const ROOT = new URL("../../", import.meta.url);
const page = await Deno.readTextFile(new URL("ARCHITECTURE.md", ROOT));
const [, section = ""] = page.split("\n## How to extend\n");
const ports = section.split("\n### ").slice(1);

/** Paths in backticks, as far as they are of this project's files. */
function pathsOf(text: string): string[] {
  return Array.from(text.matchAll(/`([\w./-]+\/[\w.-]+)`/g), ([, path = ""]) => path);
}

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(new URL(path, ROOT)).then(() => true, () => false);
}

Deno.test("ARCHITECTURE.md says how to extend every port", () => {
  assertEquals(ports.map((port) => port.split("\n", 1)[0]), [
    "A policy class",
    "A loss",
    "A feature",
    "A backend",
    "A store of policies",
    "A route",
  ]);
});

for (const port of ports) {
  const [title = ""] = port.split("\n", 1);

  Deno.test(`ARCHITECTURE.md: ${title} takes five files at most, and a test`, () => {
    const rows = port.split("\n").filter((line) => /^\| \d/.test(line));
    assert(rows.length >= 1 && rows.length <= 5, `${rows.length} files`);
    for (const row of rows) assertEquals(pathsOf(row.split("|")[2] ?? "").length, 1, row);
    assert(pathsOf(port).some((path) => path.endsWith("_test.ts")), "no test is named");
  });

  Deno.test(`ARCHITECTURE.md: the files of ${title} exist`, async () => {
    for (const path of pathsOf(port)) assert(await exists(path), path);
  });
}
