import { assertEquals } from "@std/assert";
import { blocksOf } from "./page.ts";

const PAGE = `# Page

\`\`\`sh
first
second
\`\`\`

\`\`\`json
{}
\`\`\`

<!-- unverified: no such machine -->
\`\`\`sh
third
\`\`\`

<!-- tested by: tests/other_test.ts -->

\`\`\`sh
fourth
\`\`\`

<!-- slow: minutes -->
Text.

\`\`\`sh
fifth
\`\`\`
`;

Deno.test("blocksOf() finds the commands of a page, where they are and what runs them", () => {
  assertEquals(blocksOf(PAGE), [
    { line: 4, commands: "first\nsecond\n", runner: { by: "tests" } },
    { line: 14, commands: "third\n", runner: { by: "nothing", why: "no such machine" } },
    { line: 20, commands: "fourth\n", runner: { by: "file", file: "tests/other_test.ts" } },
    { line: 27, commands: "fifth\n", runner: { by: "tests" } },
  ]);
});
