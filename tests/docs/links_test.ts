/** Every link of the docs leads somewhere, and docs/README.md lists every page. */
import { assert, assertEquals } from "@std/assert";
import { anchorsOf, linksOf } from "./links.ts";
import { listPages } from "./pages.ts";

const ROOT = new URL("../../", import.meta.url);
const INDEX = "docs/README.md";

/** The pages, and those of the examples and of the plugins that ship. */
async function listLinkedPages(): Promise<string[]> {
  const pages = await listPages();
  pages.push("ARCHITECTURE.md", "CHANGELOG.md", "CONTRIBUTING.md");
  for (const folder of ["examples/", "registry/plugins/"]) {
    for await (const { name } of Deno.readDir(new URL(folder, ROOT))) {
      const page = `${folder}${name}/README.md`;
      if (await exists(new URL(page, ROOT))) pages.push(page);
    }
  }
  return pages;
}

async function exists(url: URL): Promise<boolean> {
  return await Deno.stat(url).then(() => true, () => false);
}

/** What is wrong with a link; undefined for those that lead somewhere, or to the network. */
async function faultOf(target: string, page: URL): Promise<string | undefined> {
  if (/^[a-z]+:/.test(target)) return;
  const url = new URL(target, page);
  const anchor = decodeURIComponent(url.hash.slice(1));
  url.hash = "";
  if (!await exists(url)) return `${target}: no such file`;
  if (anchor === "") return;
  if (anchorsOf(await Deno.readTextFile(url)).includes(anchor)) return;
  return `${target}: no such heading`;
}

for (const page of await listLinkedPages()) {
  Deno.test(`the links of ${page} lead somewhere`, async () => {
    const url = new URL(page, ROOT);
    const links = linksOf(await Deno.readTextFile(url));
    const faults = await Promise.all(links.map((target) => faultOf(target, url)));
    assertEquals(faults.filter((fault) => fault !== undefined), []);
  });
}

Deno.test(`${INDEX} lists every page of docs/ once, with what it is about`, async () => {
  const lines = (await Deno.readTextFile(new URL(INDEX, ROOT))).split("\n");
  const entries = lines.filter((line) => /^\d+\. \[/.test(line));
  for (const entry of entries) assert(/^\d+\. \[.+?\]\([\w-]+\.md\): .+\.$/.test(entry), entry);
  const pages = (await listPages()).filter((page) => page.startsWith("docs/") && page !== INDEX);
  assertEquals(
    entries.flatMap(linksOf).map((target) => `docs/${target}`).toSorted(),
    pages.toSorted(),
  );
});

const PAGE = `# A page: \`code\`, and more

[one](a.md) and ![two](b/c.svg), [three](d.md#e-f), not \`[code](span.md)\`

\`\`\`sh
# [no](block.md)
\`\`\`

## What \`pair.ts\` holds
`;

Deno.test("linksOf() finds links and images, but none in code", () => {
  assertEquals(linksOf(PAGE), ["a.md", "b/c.svg", "d.md#e-f"]);
});

Deno.test("anchorsOf() finds the anchors of headings, as GitHub makes them", () => {
  assertEquals(anchorsOf(PAGE), ["a-page-code-and-more", "what-pairts-holds"]);
});

Deno.test("faultOf() tells of files and headings that there are not", async () => {
  const page = new URL("docs/settings.md", ROOT);
  assertEquals(await faultOf("api.md#errors", page), undefined);
  assertEquals(await faultOf("https://example.com/none", page), undefined);
  assertEquals(await faultOf("none.md", page), "none.md: no such file");
  assertEquals(await faultOf("api.md#none", page), "api.md#none: no such heading");
});
